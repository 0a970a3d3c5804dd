// Tab "Tools": one row a tool call, with its fate, length and target; sorted and filtered here.
import { html, nothing } from "@mpm-monitor/sdk";
import { agentName } from "../core/agents.js";
import { count, duration, rowTime } from "../core/format.js";
import { COLUMNS, STATUSES, sortCalls, matchesCall } from "../core/tool-calls.js";
import { icon } from "../ui/icons.js";
import { emptyMessage } from "../ui/messages.js";
import { RowsElement } from "../ui/rows-element.js";
import { statusMark, statusShape, statusWord } from "../ui/status.js";
import { toolStyles } from "./tools.styles.js";

export default class ToolsWidget extends RowsElement {
  static styles = [RowsElement.styles, toolStyles];
  scrollerRole = "grid";

  #sort = { column: "started", descending: true };
  #tool = "";
  #statuses = new Set();
  #tools = [];
  #tally = new Map();

  get topics() {
    return ["tool_call", "state", "agent"];
  }

  get selectedKey() {
    const { selection } = this.monitor.store.state;
    return selection?.type === "tool_call" ? selection.key : null;
  }

  keyOf(call) {
    return `${call.session_id}/${call.tool_use_id}`;
  }

  choose(call) {
    this.monitor.store.select({ type: "tool_call", key: this.keyOf(call) });
  }

  refresh() {
    const { store } = this.monitor;
    const table = store.documents("tool_call");
    table.rest();
    const calls = table.all.map((document) => document.value);
    this.#tools = [...new Set(calls.map((call) => call.tool_name))].sort();
    const found = calls.filter((call) => matchesCall(call, { tool: this.#tool, query: store.state.query.toLowerCase() }));
    this.#tally = tally(found);
    const shown = this.#statuses.size ? found.filter((call) => this.#statuses.has(call.status)) : found;
    this.items = sortCalls(shown, this.#sort);
    this.requestUpdate();
  }

  renderToolbar() {
    const table = this.monitor.store.documents("tool_call");
    return html`<div class="toolbar">
      <select class="select" aria-label="Tool" @change=${this.#onTool}>
        <option value="">All tools</option>
        ${this.#tools.map((tool) => html`<option value=${tool} ?selected=${tool === this.#tool}>${tool}</option>`)}
      </select>
      <div class="chips" role="group" aria-label="Status">
        ${STATUSES.filter((status) => this.#tally.has(status) || this.#statuses.has(status)).map((status) => html`
          <button class="chip status" data-status=${status} aria-pressed=${this.#statuses.has(status)} @click=${() => this.#toggle(status)}>
            ${statusShape(status)}${statusWord(status)} <span class="quiet">${count(this.#tally.get(status) ?? 0)}</span>
          </button>`)}
      </div>
      ${table.complete ? nothing : html`<span class="end quiet">newest ${count(table.size)}</span>`}
    </div>`;
  }

  renderHead() {
    return html`<div role="grid" aria-label="Order of tool calls"><div class="row head" role="row">
      ${COLUMNS.map(({ id, label, numeric }) => html`<span role="columnheader" class="${id} ${numeric ? "number" : ""}" aria-sort=${this.#direction(id)}>
        <button @click=${() => this.#sortBy(id)}>${label}${this.#arrow(id)}</button>
      </span>`)}
    </div></div>`;
  }

  renderRow(call, index, { id, active, selected }) {
    const { store } = this.monitor;
    const elapsed = call.status === "running" && call.started_at ? Math.max(0, Date.now() * 1000 - call.started_at) : null;
    return html`<div class="row" role="row" id=${id} data-index=${index} ?data-active=${active} aria-selected=${selected} aria-rowindex=${index + 1}>
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
    const filtered = store.state.query || this.#tool || this.#statuses.size;
    return emptyMessage(store, store.documents("tool_call"), filtered ? "tool calls match" : "", "No tool has been called yet");
  }

  #direction(column) {
    if (column !== this.#sort.column) return "none";
    return this.#sort.descending ? "descending" : "ascending";
  }

  #arrow(column) {
    return column === this.#sort.column ? icon(this.#sort.descending ? "down" : "up") : nothing;
  }

  #sortBy(column) {
    const descending = column === this.#sort.column ? !this.#sort.descending : column === "started" || column === "duration";
    this.#sort = { column, descending };
    this.refresh();
  }

  #onTool = (event) => {
    this.#tool = event.target.value;
    this.refresh();
  };

  #toggle(status) {
    if (!this.#statuses.delete(status)) this.#statuses.add(status);
    this.refresh();
  }
}

function tally(calls) {
  const numbers = new Map();
  for (const { status } of calls) numbers.set(status, (numbers.get(status) ?? 0) + 1);
  return numbers;
}
