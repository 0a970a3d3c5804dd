// Base of every list: rows of one height, only those in sight drawn, with a keyboard cursor and one selected row. The rows at hand may be
// a part of a longer list; the scrollbar is the whole list's.
import { html, nothing } from "lit";
import { Widget } from "../sdk.js";
import { moveCursor } from "./row-cursor.js";
import { rows as rowStyles } from "./styles.js";

const OVERSCAN = 6;
const NARROW = 560;
/** Browsers cannot lay out more than this, in px; a longer list's places are squeezed into it. */
const TALLEST = 30_000_000;

export class RowsElement extends Widget {
  static styles = [Widget.styles, rowStyles];

  /** What the scroller is to assistive technology: "listbox", "grid" or "tree". */
  scrollerRole = "listbox";
  rowHeight = 26;
  /** Too narrow for columns; rows may then be taller. */
  narrow = false;

  /** Rows at hand, set by `setRows`. @type {any[]} */
  items = [];
  #offset = 0;
  #size = 0;
  #activeKey = null;
  /** The topmost row in sight, and how much of it is out of sight: what stays where it is when rows come and go. */
  #anchor = /** @type {{key: any, cut: number}|null} */ (null);
  #top = 0;
  #moved = false;
  #covered = false;
  #height = 600;
  #observer = new ResizeObserver(([entry]) => this.#resize(entry.contentRect));

  // Members a subclass gives: keyOf(item), renderRow(item, index, attributes), choose(item), selectedKey;
  // and may give: renderToolbar(), renderHead(), renderEmpty(), renderOverlay(), onKey(event, item), canSelect(item), scrolled(sight), resized(narrow).

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
    const [{ first, last }, active] = [this.#range(), this.activeIndex];
    const shown = this.items.slice(first, last);
    return html`
      ${this.renderToolbar?.() ?? nothing}
      <div class="body">
        ${this.renderHead?.() ?? nothing}
        <div class="scroller" tabindex="0" role=${this.scrollerRole} aria-label=${this.config.title}
          aria-activedescendant=${active >= first && active < last ? `row-${active}` : nothing}
          aria-rowcount=${this.scrollerRole === "grid" ? this.#size : nothing}
          @scroll=${this.#onScroll} @keydown=${this.#onKeyDown} @click=${this.#onClick}>
          <div class="spacer" role="presentation" .style=${`height:${this.#tall}px`}>
            <div class="window" role="presentation" .style=${`transform:translateY(${this.#topOf(first)}px)`}>
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

  /**
   * Show these rows; what is in sight stays in sight.
   * @param {any[]} items
   * @param {{offset?: number, size?: number, stay?: boolean}} [place] position of the first of them in the whole list, and its length;
   *   without `stay` the place on screen counts, not the row on it
   */
  setRows(items, { offset = 0, size = items.length, stay = true } = {}) {
    [this.items, this.#offset, this.#size] = [items, offset, size];
    const index = stay && this.#anchor ? this.findIndex(this.#anchor.key) : -1;
    if (index >= 0) {
      const top = this.#topOf(index) + /** @type {any} */ (this.#anchor).cut;
      if (Math.abs(top - this.#top) >= 1) this.#moveTo(top);
    }
    this.requestUpdate();
  }

  /** How long the list is. */
  get size() {
    return this.#size;
  }

  /** Scroll as little as makes the row visible, or to the middle. @param {number} index */
  moveToRow(index, { centre = false } = {}) {
    const top = this.#topOf(index);
    const lowest = top + this.rowHeight - this.#height;
    if (centre) this.#moveTo(top - (this.#height - this.rowHeight) / 2);
    else if (top < this.#top) this.#moveTo(top);
    else if (lowest > this.#top) this.#moveTo(lowest);
  }

  moveToEnd() {
    this.#moveTo(Infinity);
  }

  moveToStart() {
    this.#moveTo(0);
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
    // The scroll event is judged by it, and may come before the observer has told of the height.
    this.#height = this.scroller.clientHeight;
  }

  /** Takes effect with the next render, so that the rows for the new place are drawn with it. @param {number} top */
  #moveTo(top) {
    this.#top = Math.max(0, Math.min(top, this.#tall - this.#height));
    this.#moved = true;
    this.#noteAnchor();
    this.requestUpdate();
  }

  get #tall() {
    return Math.min(this.#size * this.rowHeight, TALLEST);
  }

  /** Where the first row at hand stands, in px; true to scale unless the list is too long for that. */
  get #base() {
    const rest = this.#size - this.items.length;
    const room = this.#tall - this.items.length * this.rowHeight;
    return rest > 0 ? (this.#offset / rest) * room : 0;
  }

  /** @param {number} index of a row at hand */
  #topOf(index) {
    return this.#base + index * this.rowHeight;
  }

  #noteAnchor() {
    const index = Math.floor((this.#top - this.#base) / this.rowHeight);
    const item = this.items[index];
    this.#anchor = item === undefined ? null : { key: this.keyOf(item), cut: this.#top - this.#topOf(index) };
  }

  #range() {
    const top = this.#top - this.#base;
    const first = Math.max(0, Math.floor(top / this.rowHeight) - OVERSCAN);
    const last = Math.max(0, Math.min(this.items.length, Math.ceil((top + this.#height) / this.rowHeight) + OVERSCAN));
    return { first: Math.min(first, Math.max(0, last - 1)), last };
  }

  #rowState(item, index, active) {
    return { id: `row-${index}`, active: index === active, selected: this.keyOf(item) === this.selectedKey };
  }

  #resize({ height, width }) {
    if (height === 0) return void (this.#covered = true); // by another tab; the browser forgets how far it was scrolled
    if (this.#covered) this.scroller.scrollTop = this.#top;
    this.#covered = false;
    this.#height = height;
    this.narrow = width < NARROW;
    const before = this.rowHeight;
    this.resized?.(this.narrow);
    if (before !== this.rowHeight) this.#moveTo((this.#top * this.rowHeight) / before);
    this.requestUpdate();
  }

  /** Rows at hand above and below what is in sight, negative when it lies beyond them, and the place in the whole list that is in sight. */
  get sight() {
    const above = (this.#top - this.#base) / this.rowHeight;
    const below = this.items.length - above - this.#height / this.rowHeight;
    const place = Math.round((this.#top / Math.max(1, this.#tall - this.#height)) * Math.max(0, this.#size - 1));
    return { above, below, place, atTop: this.#top < 1, atBottom: this.#tall - this.#top - this.#height < 3 };
  }

  #onScroll = () => {
    if (this.#covered || !this.onScreen) return;
    this.#top = this.scroller.scrollTop;
    this.#noteAnchor();
    this.scrolled?.(this.sight);
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
