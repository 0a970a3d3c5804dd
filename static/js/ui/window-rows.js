// A list that shows a window on what only the server holds whole: pages come in as it is scrolled, the scrollbar jumps anywhere.
import { html, nothing } from "lit";
import { count } from "../core/format.js";
import { icon } from "./icons.js";
import { RowsElement } from "./rows-element.js";

/** Rows from either end at which the next page is asked for. */
const NEAR = 60;
/** Dragging the scrollbar passes many places; the one it rests on is asked for. ms */
const SETTLE = 70;

export class WindowRows extends RowsElement {
  #epoch = -1;
  #revealing = false;
  #timer = 0;
  /** A place the scrollbar points to is being read: what comes stays where the scrollbar is. */
  #jumping = false;

  // A subclass gives `list`, a ListWindow, and may give `endAtTop` when new rows come in at the top.

  connectedCallback() {
    super.connectedCallback();
    // The wheel leaving the live end counts at once; waiting for the scroll event would lose to the next batch.
    this.addEventListener("wheel", (event) => (this.list.following &&= this.endAtTop ? event.deltaY <= 0 : event.deltaY >= 0), { passive: true });
  }

  /** Take over what the window holds now; the view stays, follows the live end, or goes to what is to be revealed. */
  showWindow() {
    const { list } = this;
    const replaced = list.epoch !== this.#epoch;
    this.#epoch = list.epoch;
    this.setRows(list.rows, { offset: list.offset, size: list.size, stay: !list.following && !replaced });
    if (list.following) this.endAtTop ? this.moveToStart() : this.moveToEnd();
    else if (this.#revealing || (replaced && !this.#jumping)) this.#moveToSelected();
    if (replaced) this.#jumping = false;
  }

  /** Bring the selected row into view as soon as it is there. */
  revealSelected() {
    this.#revealing = !this.list.following;
  }

  /** Stepping to a row that is not on the last screen leaves the live end; stepping onto the last row joins it. */
  point(item) {
    const { list } = this;
    const index = list.rows.indexOf(item);
    const fromEnd = this.endAtTop ? index : list.rows.length - 1 - index;
    if (index >= 0 && list.atEnd && (fromEnd === 0 || fromEnd >= this.rowsFit)) list.following = fromEnd === 0;
    super.point(item);
  }

  /** Home and End mean the whole list's ends. @param {string} key */
  press(key) {
    const { list } = this;
    if (key === "Home" && !list.atTop) this.#goTo(this.endAtTop);
    else if (key === "End" && !list.atBottom) this.#goTo(!this.endAtTop);
    else return super.press(key);
    return true;
  }

  /** @param {boolean} live the end where new rows come in */
  async #goTo(live) {
    const { list } = this;
    await (live ? list.toEnd() : list.openFarEnd());
    const row = live === this.endAtTop ? list.rows[0] : list.rows.at(-1);
    if (row === undefined) return;
    this.showWindow();
    this.point(row);
  }

  /** @param {RowsElement["sight"]} sight */
  scrolled({ above, below, place, atTop, atBottom }) {
    const { list } = this;
    if (list.epoch !== this.#epoch) return; // a place in a list that is no longer there
    // While a page is under way the live end is not known; that does not make the reader leave it.
    list.following = (this.endAtTop ? atTop : atBottom) && (list.atEnd || list.following) && !this.#revealing;
    if (above < -this.rowsFit || below < -this.rowsFit) return this.#jumpTo(place);
    clearTimeout(this.#timer);
    if (above < NEAR && !list.atTop) list.extend("up");
    else if (below < NEAR && !list.atBottom) list.extend("down");
  }

  renderOverlay() {
    const { list } = this;
    const nothingNew = list.atEnd ? !list.pending : list.following && !list.paused;
    if (list.error || list.loading || nothingNew) return nothing;
    const label = list.pending ? `${count(list.pending)} new` : "Newest";
    return html`<button class="button more ${this.endAtTop ? "at-top" : ""}" @click=${this.toEnd}>${icon(this.endAtTop ? "up" : "down")}${label}</button>`;
  }

  toEnd = () => {
    const { store } = this.monitor;
    if (store.state.paused) {
      this.list.following = true;
      store.update({ paused: false });
    } else {
      this.list.toEnd();
    }
  };

  #jumpTo(place) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#jumping = true;
      this.list.jump(place);
    }, SETTLE);
  }

  #moveToSelected() {
    const index = this.findIndex(this.selectedKey);
    if (index >= 0) this.moveToRow(index, { centre: true });
    else if (this.sight.below < -1 || this.sight.above < -1) this.moveToRow(this.endAtTop ? 0 : this.items.length - 1);
    this.#revealing = index < 0 && this.list.loading;
  }
}
