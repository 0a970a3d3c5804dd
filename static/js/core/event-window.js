// The window on the event log: live heads are appended at its end, or counted while the reader looks elsewhere.
// @ts-check
import { ListWindow } from "./list-window.js";

/** @typedef {{seq: number, kind: string, session_id: string, [field: string]: any}} Head */

/** Live heads kept while a page is under way; more are read from the server afterwards. */
const MOST_MEANWHILE = 2000;
/** Least time between two looks for what only the server can match, ms. */
const BEAT = 400;

export class EventWindow extends ListWindow {
  /** The window holds every matching event up to this number. */
  complete = 0;
  /** @type {Head[]|null} live heads that arrive while a page at the live end is under way */
  #meanwhile = null;
  #overflowed = false;
  #later;
  #waiting = false;

  /** @param {() => void} onChange @param {{limit?: number, page?: number, later?: (run: () => void, ms: number) => any}} [options] */
  constructor(onChange, { later = (run, ms) => setTimeout(run, ms), ...options } = {}) {
    super(onChange, { end: "bottom", ...options });
    this.#later = later;
  }

  /** Go to the newest events: by appending what is missing if that is little, else by a fresh window. */
  async toEnd() {
    this.following = true;
    if (this.atBottom) return;
    if (this.#lacksOnlyPending) await this.extend("down");
    else await this.open();
  }

  /** The window ends where the live heads it was not given begin, and they are few. */
  get #lacksOnlyPending() {
    const beyond = this.size - this.offset - this.rows.length;
    return this.total !== null && this.rows.length > 0 && this.pending > 0 && this.pending <= this.page && beyond <= this.pending;
  }

  /** Take live heads, in log order. @param {Head[]} heads */
  receive(heads) {
    if (heads.length === 0) return;
    if (this.#meanwhile) return this.#keep(heads);
    const fresh = heads.filter((head) => head.seq > this.complete);
    const { matches } = /** @type {any} */ (this.source);
    if (matches === null) return this.#lookLater();
    const matching = fresh.filter(matches);
    const full = !this.following && this.rows.length + matching.length > this.page * 20;
    if (this.atBottom && !this.paused && !full) {
      if (matching.length) this.append(matching);
      this.complete = Math.max(this.complete, heads[heads.length - 1].seq);
    } else if (matching.length) {
      this.atBottom = false;
      this.pending += matching.length;
      if (this.total !== null) this.total += matching.length;
    }
    if (matching.length) this.changed();
  }

  async resume() {
    this.paused = false;
    if (this.following) await this.toEnd();
  }

  /** Live heads were lost on the way: what follows has to be read from the server. */
  async gap() {
    this.atBottom = false;
    if (this.following && !this.paused) await this.open();
  }

  /** Position in the window of the first head that is not older than `seq`. @param {number} seq */
  indexOf(seq) {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle].seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {number} seq @returns {Head|null} */
  head(seq) {
    const head = this.rows[this.indexOf(seq)];
    return head?.seq === seq ? head : null;
  }

  began() {
    this.atBottom = false;
    [this.#meanwhile, this.#overflowed] = [[], false];
  }

  /** @param {{rows: Head[], upTo?: number}} page */
  filled(page) {
    this.complete = page.rows.reduce((newest, head) => Math.max(newest, head.seq), page.upTo ?? 0);
    this.atBottom = !this.#overflowed;
    this.pending = 0;
  }

  ended() {
    const meanwhile = this.#meanwhile ?? [];
    this.#meanwhile = null;
    this.receive(meanwhile);
    if (this.#overflowed && this.following && !this.error) this.#later(() => this.toEnd(), 0);
  }

  /** @param {Head[]} heads */
  #keep(heads) {
    const held = /** @type {Head[]} */ (this.#meanwhile);
    if (held.length + heads.length > MOST_MEANWHILE) this.#overflowed = true;
    else held.push(...heads);
  }

  /** Only the server can tell what matches: look there, at a steady beat, while the reader wants to see what is new. */
  #lookLater() {
    this.atBottom &&= this.#waiting;
    if (this.#waiting || !this.following || this.paused) return;
    this.#waiting = true;
    this.#later(async () => {
      this.#waiting = false;
      if (!this.following || this.paused) return;
      this.atBottom = false;
      await this.toEnd();
    }, BEAT);
  }
}
