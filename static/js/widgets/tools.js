// Tab "Tools": one row a tool call, with its fate, length and target; narrowed and ordered by the server.
import { html, nothing } from "@mpm-monitor/sdk";
import { agentName } from "../core/agents.js";
import { count, duration, rowTime } from "../core/format.js";
import { COLUMNS, STATUSES } from "../core/tool-calls.js";
import { emptyMessage } from "../ui/messages.js";
import { SortedRows } from "../ui/sorted-rows.js";
import { statusMark } from "../ui/status.js";
import { toolStyles } from "./tools.styles.js";

/** Names a menu can hold; a session has a few dozen. */
const MOST_TOOLS = 200;

export default class ToolsWidget extends SortedRows {
  static styles = [SortedRows.styles, toolStyles];
  topic = "tool_call";
  /** Transcripts are brought in late and in any order: what matters is when a call was made. */
  usualSort = { field: "started_at", descending: true, missing: 0 };

  #tool = "";
  /** Tools met so far. @type {Set<string>} */
  #tools = new Set();

  get topics() {
    return ["tool_call", "state", "agent"];
  }

  refresh() {
    const { query } = this.monitor.store.state;
    this.showList({ q: query || null, tool_name: this.#tool || null, status: this.chosenStatuses }, this.sort);
    for (const { value } of this.items) if (this.#tools.size < MOST_TOOLS) this.#tools.add(value.tool_name);
  }

  renderToolbar() {
    const { total } = this.list;
    return html`<div class="toolbar">
      <select class="select" aria-label="Tool" @change=${this.#onTool}>
        <option value="">All tools</option>
        ${[...this.#tools].sort().map((tool) => html`<option value=${tool} ?selected=${tool === this.#tool}>${tool}</option>`)}
      </select>
      ${this.renderStatuses(STATUSES, true)}
      ${total === null ? nothing : html`<span class="end quiet">${count(total)}</span>`}
    </div>`;
  }

  renderHead() {
    return this.renderHeads("Order of tool calls", COLUMNS);
  }

  renderRow({ value: call }, index, { id, active, selected }) {
    const { store } = this.monitor;
    const elapsed = call.status === "running" && call.started_at ? Math.max(0, Date.now() * 1000 - call.started_at) : null;
    return html`<div class="row" role="row" id=${id} data-index=${index} ?data-active=${active} aria-selected=${selected} aria-rowindex=${this.list.offset + index + 1}>
      <span role="gridcell" class="started mono quiet">${rowTime(call.started_at ?? call.ended_at ?? 0)}</span>
      <span role="gridcell" class="tool">${call.tool_name}</span>
      <span role="gridcell" class="detail mono">${call.detail}</span>
      <span role="gridcell" class="agent quiet">${agentName(store, call.session_id, call.agent_id)}</span>
      <span role="gridcell" class="status-cell">${statusMark(call.status)}</span>
      <span role="gridcell" class="number duration">${duration(call.duration_us ?? elapsed)}</span>
    </div>`;
  }

  renderEmpty() {
    const { store } = this.monitor;
    const filtered = store.state.query || this.#tool || this.statuses.size;
    return emptyMessage(store, this.list, filtered ? "tool calls match" : "", "No tool has been called yet");
  }

  #onTool = (event) => {
    this.#tool = event.target.value;
    this.refresh();
  };
}
