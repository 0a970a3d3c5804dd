// Tab "Sessions": all sessions, or a project's, as a table that the server narrows and orders.
import { html, nothing } from "@mpm-monitor/sdk";
import { count, duration, moment } from "../core/format.js";
import { allTokens, amount, amountText, tokens } from "../core/money.js";
import { COLUMNS, STATUSES } from "../core/session-columns.js";
import { projectName, sessionName } from "../core/sessions.js";
import { emptyMessage } from "../ui/messages.js";
import { SortedRows } from "../ui/sorted-rows.js";
import { sessionStatus, statusMark } from "../ui/status.js";
import { sessionStyles } from "./sessions.styles.js";

const UNKNOWN = "Known from its transcript alone, which does not tell whether it still runs";

export default class SessionsWidget extends SortedRows {
  static styles = [SortedRows.styles, sessionStyles];
  topic = "session";
  /** Sessions are brought in late and in any order: what matters is when something happened in them. */
  usualSort = { field: "last_at", descending: true, missing: 0 };

  get topics() {
    return ["session", "state", "usage"];
  }

  refresh() {
    const { query } = this.monitor.store.state;
    this.showList({ q: query || null, status: this.chosenStatuses }, this.sort);
  }

  shownStatus(status) {
    return sessionStatus(status);
  }

  renderToolbar() {
    const { total } = this.list;
    return html`<div class="toolbar">
      ${this.renderStatuses(STATUSES)}
      ${total === null ? nothing : html`<span class="end quiet">${count(total)}</span>`}
    </div>`;
  }

  renderHead() {
    return this.renderHeads("Order of sessions", COLUMNS);
  }

  renderRow({ value: session }, index, { id, active, selected }) {
    const usage = this.monitor.store.lookup("usage", `session/${session.session_id}`);
    return html`<div class="row" role="row" id=${id} data-index=${index} ?data-active=${active} aria-selected=${selected} aria-rowindex=${this.list.offset + index + 1}>
      <span role="gridcell" class="status-cell" title=${session.status === "unknown" ? UNKNOWN : nothing}>${statusMark(this.shownStatus(session.status))}</span>
      <span role="gridcell" class="title" title=${sessionName(session)}>${sessionName(session)}</span>
      <span role="gridcell" class="project" title=${session.project || nothing}>${projectName(session)}</span>
      <span role="gridcell" class="branch quiet">${session.branch}</span>
      <span role="gridcell" class="number started quiet">${moment(session.started_at)}</span>
      <span role="gridcell" class="number active quiet">${moment(session.last_at)}</span>
      <span role="gridcell" class="number busy">${duration(session.busy_us)}</span>
      <span role="gridcell" class="number waited">${session.waited_us ? duration(session.waited_us) : "–"}</span>
      <span role="gridcell" class="number turns">${count(session.turns)}</span>
      <span role="gridcell" class="number agents">${count(session.agents)}</span>
      <span role="gridcell" class="number tools">${count(session.tool_calls)}</span>
      <span role="gridcell" class="number errors ${session.errors ? "bad" : "quiet"}">${count(session.errors)}</span>
      <span role="gridcell" class="number context">${session.context_tokens ? tokens(session.context_tokens) : "–"}</span>
      <span role="gridcell" class="number tokens">${usage?.calls ? tokens(allTokens(usage)) : "–"}</span>
      <span role="gridcell" class="number cost" title=${amountText(usage)}>${amount(usage)}</span>
    </div>`;
  }

  renderEmpty() {
    const { store } = this.monitor;
    return emptyMessage(store, this.list, store.state.query || this.statuses.size ? "sessions match" : "");
  }
}
