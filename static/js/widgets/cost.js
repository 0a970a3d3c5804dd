// Tab "Cost": what the session shown, or all of them, cost; by model, agent, turn, day, project or session.
import { html, nothing } from "@mpm-monitor/sdk";
import { Answer } from "../core/answer.js";
import { CLOCK, COLUMNS, breakdownsOf, costKey, rowName, sortRows } from "../core/costs.js";
import { count } from "../core/format.js";
import { amount, cacheWrites, reservations, share, shareOf, tokens } from "../core/money.js";
import { preference, setPreference } from "../core/preferences.js";
import { icon } from "../ui/icons.js";
import { emptyMessage } from "../ui/messages.js";
import { RowsElement } from "../ui/rows-element.js";
import { summary } from "./cost-summary.js";
import { costStyles } from "./cost.styles.js";

const MOST = 1000;
const DEAREST = Object.freeze({ column: "cost", descending: true });

export default class CostWidget extends RowsElement {
  static styles = [RowsElement.styles, costStyles];
  scrollerRole = "grid";

  #report = new Answer((query) => this.monitor.api.get("costs", query), () => this.#show());
  #order = DEAREST;
  #by = null;

  get topics() {
    return ["usage", "state", "session"];
  }

  get selectedKey() {
    const { selection } = this.monitor.store.state;
    return selection?.type === "cost" ? selection.key : null;
  }

  keyOf(row) {
    return costKey(this.#by.id, row, this.monitor.store.sessionId);
  }

  choose(row) {
    this.monitor.store.select({ type: "cost", key: this.keyOf(row) });
  }

  refresh(changed) {
    const { store } = this.monitor;
    this.#choose(store.sessionId);
    this.#report.ask({ by: this.#by.id, ...store.scope, limit: MOST, tz: CLOCK });
    if (changed.has("usage")) this.#report.stale();
    this.#show();
  }

  /** The breakdown the reader chose for one session, or for all; each is remembered. */
  #choose(session) {
    const choices = breakdownsOf(session);
    const wanted = preference(session ? "cost.session" : "cost.all", choices[0].id);
    this.#by = choices.find(({ id }) => id === wanted) ?? choices[0];
  }

  /** Rows belong to the question they answer: those of another are kept back until theirs are there. */
  #show() {
    const { store } = this.monitor;
    const query = store.state.query.toLowerCase();
    const rows = (this.#report.value?.costs ?? []).filter((row) => this.#by.fields.every((field) => field in row) && matches(row, query));
    this.setRows(sortRows(rows, this.#order), { stay: false });
  }

  resized(narrow) {
    this.rowHeight = narrow ? 46 : 26;
    this.classList.toggle("narrow", narrow);
  }

  renderToolbar() {
    const { value } = this.#report;
    if (!value?.total.calls) return nothing;
    const { store } = this.monitor;
    const compared = store.sessionId ? store.lookup("usage", `session/${store.sessionId}`)?.reconciliation : null;
    return html`${summary(value.total, compared)}
      <div class="toolbar">
        <div class="chips" role="group" aria-label="Costs by">
          ${breakdownsOf(store.sessionId).map((choice) => html`<button class="chip" aria-pressed=${choice === this.#by} @click=${() => this.#breakDown(choice)}>${choice.label}</button>`)}
        </div>
        ${value.left_out ? html`<span class="end quiet">${count(value.left_out)} more, cheaper</span>` : nothing}
      </div>`;
  }

  renderHead() {
    if (!this.#report.value?.total.calls) return nothing;
    return html`<div role="grid" aria-label="Order of costs"><div class="row head" role="row">
      ${COLUMNS.map(({ id, label, numeric }) => html`<span role="columnheader" class="${id} ${numeric ? "number" : ""}" aria-sort=${this.#direction(id)}>
        <button @click=${() => this.#sortBy(id)}>${label || this.#heading()}${this.#arrow(id)}</button>
      </span>${id === "name" ? html`<span role="columnheader" class="share">Share</span>` : nothing}`)}
    </div></div>`;
  }

  renderRow(row, index, { id, active, selected }) {
    const { name, more } = rowName(row);
    const part = shareOf(row, this.#report.value.total);
    return html`<div class="row" role="row" id=${id} data-index=${index} ?data-active=${active} aria-selected=${selected} aria-rowindex=${index + 1}>
      <span role="gridcell" class="name" title=${more && more !== name ? `${name} · ${more}` : name}><span class="called">${name}</span>
        ${reservations(row).map((text) => html`<b class="tag">${text}</b>`)}${more ? html`<span class="quiet more-said">${more}</span>` : nothing}</span>
      <span role="gridcell" class="share"><i class="track" aria-hidden="true"><i class="bar" .style=${`width:${(part ?? 0) * 100}%`}></i></i><span class="number">${share(part)}</span></span>
      <span role="gridcell" class="number cost" title=${row.unpriced === row.calls ? nothing : `USD ${row.usd.total}`}>${amount(row)}</span>
      <span role="gridcell" class="number calls">${count(row.calls)}<span class="unit"> ${row.calls === 1 ? "call" : "calls"}</span></span>
      ${cell("in", row.input)}${cell("out", row.output)}${cell("write", cacheWrites(row))}${cell("read", row.cache_read)}
    </div>`;
  }

  renderEmpty() {
    const { store } = this.monitor;
    const { value, error } = this.#report;
    if (error || !value) return emptyMessage(store, { error, loading: true }, "");
    if (value.total.calls) return emptyMessage(store, { error, loading: this.#report.loading }, "costs match");
    return html`<div class="message">
      <h2>${store.sessionId ? "What this session cost is not known yet" : "No costs are known yet"}</h2>
      <p>They come from the transcripts that Claude Code writes.</p>
      <p>Live runs follow theirs by themselves; bring in the sessions you have with <code>mpm-monitor import</code></p>
    </div>`;
  }

  #heading() {
    return this.#by.id === "tool" ? "Tool (estimate)" : this.#by.label;
  }

  #direction(column) {
    if (column !== this.#order.column) return "none";
    return this.#order.descending ? "descending" : "ascending";
  }

  #arrow(column) {
    return column === this.#order.column ? icon(this.#order.descending ? "down" : "up") : nothing;
  }

  #sortBy(column) {
    const descending = column === this.#order.column ? !this.#order.descending : column !== "name" || this.#by.id === "day";
    this.#order = { column, descending };
    this.#show();
  }

  #breakDown({ id }) {
    setPreference(this.monitor.store.sessionId ? "cost.session" : "cost.all", id);
    this.#order = DEAREST;
    this.refresh(new Set());
  }
}

function cell(name, value) {
  return html`<span role="gridcell" class="number ${name} ${value ? "" : "zero"}" title=${count(value)}>${tokens(value)}</span>`;
}

function matches(row, query) {
  const { name, more } = rowName(row);
  return !query || `${name} ${more}`.toLowerCase().includes(query);
}
