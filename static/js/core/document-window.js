// The window on a topic's documents: rows held are kept up to date live, new ones come in with the next reading of the live end.
// @ts-check
import { ListWindow } from "./list-window.js";

/** @typedef {{key: string, session_id: string, seq: number, value: any}} Document */

/** Least time between two readings of the live end, ms; more when the server takes long. */
const BEAT = 500;
const REST = 4;

export class DocumentWindow extends ListWindow {
  #clock;
  #waiting = false;
  #dirty = false;

  /**
   * @param {() => void} onChange
   * @param {{limit?: number, page?: number, clock?: {later: (run: () => void, ms: number) => any, now: () => number}}} [options]
   */
  constructor(onChange, { clock = { later: (run, ms) => setTimeout(run, ms), now: () => performance.now() }, ...options } = {}) {
    super(onChange, { end: "top", ...options });
    this.#clock = clock;
  }

  /** Go to the newest. */
  async toEnd() {
    this.following = true;
    if (!this.atTop) await this.open();
    else await this.refresh();
  }

  /** Take live changes of the topic. @param {Document[]} changes */
  apply(changes) {
    if (!this.source) return;
    const newest = this.rows.reduce((seq, row) => Math.max(seq, row.seq), 0);
    for (const change of changes) if (!this.#update(change) && !this.following && change.seq > newest) this.pending += 1;
    this.stale();
  }

  /** The list may have changed on the server. */
  stale() {
    this.#dirty = true;
    this.changed();
  }

  /** Read the live end again, if it may have changed, the reader is there, and not again and again. A view that is seen calls this. */
  keepUp() {
    if (this.#dirty && !this.#waiting && !this.paused && this.following) this.refresh();
  }

  resume() {
    this.paused = false;
    this.changed();
  }

  /** Read the live end again; what lies beyond it stays. */
  async refresh() {
    if (!this.atTop || this.loading || !this.source) return;
    this.#dirty = false;
    const { source } = this;
    const began = this.#clock.now();
    await this.load(async (current) => {
      const page = await source.fetch(null, "down", this.page);
      if (current()) this.#merge(page);
    }, { newest: false });
    this.#pause(REST * (this.#clock.now() - began));
  }

  /** @param {{rows: Document[], more: boolean}} page the first rows of the list as it is now */
  #merge(page) {
    const fresh = new Map(page.rows.map((row) => [row.key, row]));
    const rest = this.rows.filter((row) => !fresh.has(row.key));
    const overlap = rest.length < this.rows.length;
    if (!overlap || !page.more) return this.replace(page.rows, [false, page.more]);
    const added = page.rows.length + rest.length - this.rows.length;
    this.rows = page.rows.concat(rest);
    if (this.total !== null) this.total += added;
    this.pending = 0;
  }

  #pause(milliseconds) {
    this.#waiting = true;
    this.#clock.later(() => {
      this.#waiting = false;
      if (this.#dirty) this.changed();
    }, Math.max(BEAT, milliseconds));
  }

  /** @param {Document} change */
  #update(change) {
    const row = this.rows.find(({ key }) => key === change.key);
    if (!row || row.seq > change.seq) return false;
    row.value = change.value; // its place in the list stays what it was when it was read
    return true;
  }
}
