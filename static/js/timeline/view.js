// The stretch of time in sight: moved by the reader, by the address and, while it follows, by the clock.
// @ts-check
import { fitted, kept, panned, zoomed } from "./scale.js";

/** @typedef {import("./scale.js").Range} Range */
/** Where "now" is while it is followed, as a share of the width. */
const NOW_AT = 0.96;

export class TimelineView {
  /** @type {Range|null} what is in sight, null before anything is known */
  range = null;
  /** @type {(Range & {live: boolean})|null} all there is */
  extent = null;
  /** "Now" is kept in sight. */
  following = false;
  /** Everything is shown, whatever is added. */
  whole = true;

  /** @param {(Range & {live: boolean})|null} extent @param {number} now µs */
  setExtent(extent, now) {
    this.extent = extent;
    if (!extent) return;
    if (this.#pending) this.#place(this.#pending, now);
    else if (this.whole) this.range = fitted(extent);
    if (!extent.live) this.following = false;
  }

  /** What the address asks for. @type {{from: number|null, to: number|null}|null} */
  #pending = { from: null, to: null };

  /** Show what the address says. @param {{from: number|null, to: number|null}} wanted @param {number} now µs */
  read(wanted, now) {
    const said = this.address();
    if (!this.#pending && wanted.from === said.from && wanted.to === said.to) return;
    this.#pending = wanted;
    if (wanted.from !== null && wanted.to !== null && wanted.to > wanted.from) this.range = { from: wanted.from, to: wanted.to };
    if (this.extent) this.#place(wanted, now);
  }

  #place({ from, to }, now) {
    const extent = /** @type {Range & {live: boolean}} */ (this.extent);
    this.#pending = null;
    this.whole = from === null && to === null;
    this.following = to === null && extent.live;
    const whole = fitted(extent);
    if (this.whole) this.range = whole;
    else if (this.following && from !== null && from < now) this.range = { from, to: from + (now - from) / NOW_AT };
    else this.range = { from: from ?? whole.from, to: Math.max((from ?? whole.from) + 1000, to ?? whole.to) };
  }

  /** What the address is to say. @returns {{from: number|null, to: number|null}} */
  address() {
    if (!this.range || this.whole) return { from: null, to: null };
    return { from: Math.max(0, Math.round(this.range.from)), to: this.following ? null : Math.round(this.range.to) };
  }

  /** "Now" is followed on as long as it stays in sight. @param {number} factor @param {number|null} at µs, what stays in place; null: the middle, or "now" @param {number} now µs */
  zoom(factor, at, now) {
    if (!this.range) return;
    this.#move(zoomed(this.range, factor, at ?? (this.following ? now : (this.range.from + this.range.to) / 2)));
    this.following &&= now <= this.range.to;
  }

  /** @param {number} by µs */
  pan(by) {
    if (!this.range) return;
    this.following = false;
    this.#move(panned(this.range, by));
  }

  /** @param {Range} range */
  show(range) {
    this.following = false;
    this.#move(fitted(range));
  }

  fit() {
    this.whole = true;
    if (!this.extent) return;
    this.following = this.extent.live;
    this.range = fitted(this.extent);
  }

  /** Keep "now" in sight from here on, at the present zoom. @param {number} now µs */
  follow(now) {
    this.following = true;
    this.whole = false;
    this.advance(now);
  }

  /** Time has gone on. @param {number} now µs @returns {boolean} whether that moves what is in sight */
  advance(now) {
    if (!this.range || !this.following || !this.extent) return false;
    if (this.whole) {
      this.extent.to = Math.max(this.extent.to, now);
      this.range = fitted(this.extent);
      return true;
    }
    const by = now - (this.range.from + (this.range.to - this.range.from) * NOW_AT);
    this.range = panned(this.range, by);
    return true;
  }

  #move(range) {
    this.whole = false;
    this.range = this.extent ? kept(range, this.extent) : range;
  }
}
