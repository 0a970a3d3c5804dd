// A table of documents with heads that order it and chips that narrow it down to statuses; both are the server's work.
import { html, nothing } from "lit";
import { DocumentRows } from "./document-rows.js";
import { icon } from "./icons.js";
import { statusShape, statusWord } from "./status.js";

/** @typedef {{id: string, label: string, field: string, missing: number|string, numeric?: boolean}} Column `field` is "" where the server has no order by it */

export class SortedRows extends DocumentRows {
  scrollerRole = "grid";
  /** The order when the reader has chosen none; null: those changed last first. @type {{field: string, descending: boolean, missing: number|string}|null} */
  usualSort = null;
  statuses = new Set();

  // A subclass gives `refresh`, which shows the list anew.

  #sort = null;

  get sort() {
    return this.#sort ?? this.usualSort;
  }

  /** The statuses chosen, as the server takes them; null for all. */
  get chosenStatuses() {
    return [...this.statuses].join(",") || null;
  }

  /** @param {string} status */
  shownStatus(status) {
    return status;
  }

  /** @param {string[]} statuses @param {boolean} [coloured] whether chips carry the colours of their statuses */
  renderStatuses(statuses, coloured = false) {
    return html`<div class="chips" role="group" aria-label="Status">
      ${statuses.map((status) => html`
        <button class="chip status" data-status=${coloured ? status : nothing} aria-pressed=${this.statuses.has(status)} @click=${() => this.#toggle(status)}>
          ${statusShape(this.shownStatus(status))}${statusWord(this.shownStatus(status))}
        </button>`)}
    </div>`;
  }

  /** @param {string} label @param {Column[]} columns */
  renderHeads(label, columns) {
    return html`<div role="grid" aria-label=${label}><div class="row head" role="row">
      ${columns.map((column) => html`<span role="columnheader" class="${column.id} ${column.numeric ? "number" : ""}" aria-sort=${this.#direction(column)}>
        ${column.field ? html`<button @click=${() => this.#sortBy(column)}>${column.label}${this.#arrow(column)}</button>` : column.label}
      </span>`)}
    </div></div>`;
  }

  #direction({ field }) {
    if (!field || field !== this.sort?.field) return field ? "none" : nothing;
    return this.sort.descending ? "descending" : "ascending";
  }

  #arrow({ field }) {
    return field === this.sort?.field ? icon(this.sort.descending ? "down" : "up") : nothing;
  }

  /** One way, the other way, and back to the usual order. */
  #sortBy({ field, missing, numeric }) {
    const { sort, usualSort } = this;
    const first = { field, missing, descending: Boolean(numeric) };
    const turned = { ...first, descending: !sort?.descending };
    if (field !== sort?.field) this.#sort = first;
    else if (this.#sort === null || sort.descending === first.descending) this.#sort = turned;
    else this.#sort = null;
    if (this.#sort?.field === usualSort?.field && this.#sort?.descending === usualSort?.descending) this.#sort = null;
    this.refresh();
  }

  #toggle(status) {
    if (!this.statuses.delete(status)) this.statuses.add(status);
    this.refresh();
  }
}
