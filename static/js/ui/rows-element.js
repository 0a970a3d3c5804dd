// Base of every tab: a virtualised list of rows of one height, with a keyboard cursor and one selected row.
import { html, nothing } from "lit";
import { Widget } from "../sdk.js";
import { moveCursor } from "./row-cursor.js";
import { rows as rowStyles } from "./styles.js";

const OVERSCAN = 6;
const NARROW = 560;

export class RowsElement extends Widget {
  static styles = [Widget.styles, rowStyles];

  /** What the scroller is to assistive technology: "listbox", "grid" or "tree". */
  scrollerRole = "listbox";
  rowHeight = 26;
  /** Too narrow for columns; rows may then be taller. */
  narrow = false;

  /** @type {any[]} */
  items = [];
  #activeKey = null;
  #top = 0;
  #moved = false;
  #height = 600;
  #observer = new ResizeObserver(([entry]) => this.#resize(entry.contentRect));

  // Members a subclass gives: keyOf(item), renderRow(item, index, attributes), choose(item), selectedKey;
  // and may give: renderToolbar(), renderHead(), renderEmpty(), renderOverlay(), onKey(event, item), canSelect(item), atEdge(distances), resized(narrow).

  get scroller() {
    return this.renderRoot.querySelector(".scroller");
  }

  get selectedKey() {
    return null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.updateComplete.then(() => this.#observer.observe(this.scroller));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  focus() {
    this.scroller?.focus();
  }

  render() {
    const { first, last } = this.#range();
    const active = this.activeIndex;
    const shown = this.items.slice(first, last);
    return html`
      ${this.renderToolbar?.() ?? nothing}
      <div class="body">
        ${this.renderHead?.() ?? nothing}
        <div class="scroller" tabindex="0" role=${this.scrollerRole} aria-label=${this.config.title}
          aria-activedescendant=${active >= first && active < last ? `row-${active}` : nothing}
          aria-rowcount=${this.scrollerRole === "grid" ? this.items.length : nothing}
          @scroll=${this.#onScroll} @keydown=${this.#onKeyDown} @click=${this.#onClick}>
          <div class="spacer" role="presentation" .style=${`height:${this.items.length * this.rowHeight}px`}>
            <div class="window" role="presentation" .style=${`transform:translateY(${first * this.rowHeight}px)`}>
              ${shown.map((item, offset) => this.renderRow(item, first + offset, this.#rowState(item, first + offset, active)))}
            </div>
          </div>
        </div>
        ${this.items.length === 0 ? html`<div class="empty">${this.renderEmpty?.()}</div>` : nothing}
        ${this.renderOverlay?.() ?? nothing}
      </div>
    `;
  }

  /** Position of the cursor; the selected row's when the cursor's row is gone. */
  get activeIndex() {
    return this.findIndex(this.#activeKey ?? this.selectedKey);
  }

  /** @param {string|number|null} key */
  findIndex(key) {
    return key === null ? -1 : this.items.findIndex((item) => this.keyOf(item) === key);
  }

  /** Scroll as little as makes the row visible, or to the middle. @param {number} index */
  moveToRow(index, { centre = false } = {}) {
    const top = index * this.rowHeight;
    const lowest = top + this.rowHeight - this.#height;
    if (centre) this.#moveTo(top - (this.#height - this.rowHeight) / 2);
    else if (top < this.#top) this.#moveTo(top);
    else if (lowest > this.#top) this.#moveTo(lowest);
  }

  moveToEnd() {
    this.#moveTo(Infinity);
  }

  /** Rows were added (or, negative, removed) above: keep what is seen where it is. @param {number} count */
  moveBy(count) {
    this.#moveTo(this.#top + count * this.rowHeight);
  }

  /** Move the cursor as a key says. @param {string} key @returns {boolean} whether the key moves it at all */
  press(key) {
    const next = moveCursor(key, this.activeIndex, this.items.length, this.rowsFit - 1);
    if (next !== null) this.point(this.items[next]);
    return next !== null;
  }

  /** Rows that are wholly visible at once. */
  get rowsFit() {
    return Math.floor(this.#height / this.rowHeight);
  }

  /** Put the cursor on a row and, where that is harmless, select it. @param {any} item */
  point(item) {
    this.moveToRow(this.items.indexOf(item));
    if (this.canSelect?.(item) ?? true) return this.activate(item);
    this.#activeKey = this.keyOf(item);
    this.requestUpdate();
  }

  /** @param {any} item */
  activate(item) {
    this.#activeKey = this.keyOf(item);
    this.choose(item);
    this.requestUpdate();
  }

  updated() {
    if (!this.#moved || !this.onScreen) return;
    this.#moved = false;
    this.scroller.scrollTop = this.#top;
  }

  /** Takes effect with the next render, so that the rows for the new place are drawn with it. @param {number} top */
  #moveTo(top) {
    this.#top = Math.max(0, Math.min(top, this.items.length * this.rowHeight - this.#height));
    this.#moved = true;
    this.requestUpdate();
  }

  #range() {
    const first = Math.max(0, Math.floor(this.#top / this.rowHeight) - OVERSCAN);
    const last = Math.min(this.items.length, Math.ceil((this.#top + this.#height) / this.rowHeight) + OVERSCAN);
    return { first: Math.min(first, Math.max(0, last - 1)), last };
  }

  #rowState(item, index, active) {
    return { id: `row-${index}`, active: index === active, selected: this.keyOf(item) === this.selectedKey };
  }

  #resize({ height, width }) {
    if (height === 0) return; // covered by another tab
    this.#height = height;
    this.narrow = width < NARROW;
    const before = this.rowHeight;
    this.resized?.(this.narrow);
    if (before !== this.rowHeight) this.#moveTo((this.#top * this.rowHeight) / before);
    this.requestUpdate();
  }

  #onScroll = () => {
    const { scroller, rowHeight } = this;
    this.#top = scroller.scrollTop;
    const below = (scroller.scrollHeight - this.#top - scroller.clientHeight) / rowHeight;
    this.atEdge?.({ above: this.#top / rowHeight, below: below < 0.1 ? 0 : below });
    this.requestUpdate();
  };

  #onKeyDown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const item = this.items[this.activeIndex];
    if (this.onKey?.(event, item)) return void event.preventDefault();
    if (event.key === "Enter" && item) {
      event.preventDefault();
      return this.activate(item);
    }
    if (this.press(event.key)) event.preventDefault();
  };

  #onClick = (event) => {
    const row = event.composedPath().find((node) => node.dataset?.index !== undefined);
    if (row && !event.defaultPrevented) this.activate(this.items[Number(row.dataset.index)]);
  };
}
