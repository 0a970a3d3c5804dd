// A bounded window on the event log: live at its end, paged from the server towards both sides.
// @ts-check
import { NOISE } from "./kinds.js";

/** @typedef {{seq: number, kind: string, session_id: string, [field: string]: any}} Head */
/** @typedef {{session: string, kinds: Set<string>|null, query: string}} Filter `session` "" = all, `kinds` null = all */

const EVERYTHING = { session: "", kinds: null, query: "" };

export class EventFeed {
  /** @type {Head[]} oldest first */
  heads = [];
  /** Nothing older exists. */
  atStart = true;
  /** Nothing newer is missing: live heads may be appended. */
  atTail = false;
  /** Live heads that match but are not in the window. */
  pending = 0;
  /** The reader is at the newest row, so the far end may be dropped. */
  following = true;
  paused = false;
  loading = false;
  /** @type {Error|null} */
  error = null;
  /** Rows put before the first one, minus rows dropped there; lists use it to stay where they were. */
  shift = 0;
  /** Counts the times the window was replaced rather than extended. */
  epoch = 0;
  /** @type {Filter} */
  filter = EVERYTHING;

  #fetchPage;
  #onChange;
  #limit;
  #page;
  #generation = 0;
  #complete = 0;
  /** @type {Head[]|null} live heads that arrive while a newer page is under way */
  #meanwhile = null;

  /**
   * @param {(query: Record<string, any>) => Promise<{events: Head[], next: string|null, last_seq: number}>} fetchPage
   * @param {() => void} onChange
   */
  constructor(fetchPage, onChange, { limit = 20_000, page = 200 } = {}) {
    this.#fetchPage = fetchPage;
    this.#onChange = onChange;
    this.#limit = limit;
    this.#page = page;
  }

  /** The window holds every matching event up to this number. */
  get complete() {
    return this.#complete;
  }

  /** Start over with a filter, at the newest events. @param {Filter} [filter] */
  async open(filter = this.filter) {
    this.filter = filter;
    this.following = true;
    await this.#load({ limit: this.#page }, (page) => {
      this.#replace(page);
      this.#complete = upTo(page);
      this.#reachTail();
    });
  }

  /** Go to the newest events: by appending what is missing if that is little, else by a fresh window. */
  async toTail() {
    this.following = true;
    if (!this.atTail && this.pending > this.#page) await this.open();
    else if (!this.atTail) await this.newer();
  }

  /** Show the surroundings of one event. @param {number} seq */
  async around(seq) {
    this.following = false;
    await this.#load({ before: seq + 1, limit: this.#page }, (page) => {
      this.#replace(page);
      this.#complete = seq;
    });
    await this.newer();
  }

  async older() {
    if (this.atStart || this.loading || this.heads.length === 0) return;
    await this.#load({ before: this.heads[0].seq, limit: this.#page }, (page) => {
      this.heads = page.events.reverse().concat(this.heads);
      this.shift += page.events.length;
      this.atStart = page.next === null;
      if (this.heads.length <= this.#limit) return;
      this.heads.length = this.#limit;
      this.#complete = this.heads[this.#limit - 1].seq;
      this.atTail = false;
    }, { newest: false });
  }

  async newer() {
    if (this.atTail || this.loading || this.paused) return;
    await this.#load({ after: this.#complete, order: "asc", limit: this.#page }, (page) => {
      this.#push(page.events);
      this.#complete = page.next === null ? Math.max(upTo(page), this.#complete) : page.events.at(-1).seq;
      if (page.next === null) this.#reachTail();
      else this.pending = Math.max(0, this.pending - page.events.length);
    });
    if (this.following && !this.atTail && !this.error) await this.newer();
  }

  /** Take live heads, in log order. @param {Head[]} heads */
  receive(heads) {
    if (this.#meanwhile) return void this.#meanwhile.push(...heads);
    const matching = heads.filter((head) => head.seq > this.#complete && this.#matches(head));
    const full = !this.following && this.heads.length + matching.length > this.#limit;
    if (this.atTail && !this.paused && !full && !this.filter.query) {
      this.#push(matching);
      this.#complete = Math.max(this.#complete, heads.at(-1)?.seq ?? 0);
    } else if (matching.length) {
      this.atTail = false;
      this.pending += matching.length;
    }
    if (matching.length) this.#onChange();
  }

  pause() {
    this.paused = true;
  }

  async resume() {
    this.paused = false;
    if (this.following) await this.toTail();
  }

  /** Live heads were lost on the way: what follows has to be read from the server. */
  async gap() {
    this.atTail = false;
    if (this.following && !this.paused) await this.open();
  }

  /** Position of the first head that is not older than `seq`. @param {number} seq */
  indexOf(seq) {
    let low = 0;
    let high = this.heads.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.heads[middle].seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Only the server can search payloads, so a text search never decides here. @param {Head} head */
  #matches(head) {
    const { session, kinds } = this.filter;
    return (!session || head.session_id === session) && !NOISE.has(head.kind) && (!kinds || kinds.has(head.kind));
  }

  #replace(page) {
    this.epoch += 1;
    this.shift = 0;
    this.heads = page.events.reverse();
    this.atStart = page.next === null;
  }

  /** @param {Head[]} heads */
  #push(heads) {
    for (const head of heads) this.heads.push(head);
    const excess = this.heads.length - this.#limit;
    if (excess <= 0) return;
    this.heads.splice(0, excess);
    this.shift -= excess;
    this.atStart = false;
  }

  /** The window reaches the log's end; add what came in while the page was fetched. */
  #reachTail() {
    this.atTail = true;
    this.pending = 0;
    const meanwhile = this.#meanwhile ?? [];
    this.#meanwhile = null;
    this.receive(meanwhile);
  }

  async #load(query, apply, { newest = true } = {}) {
    const generation = ++this.#generation;
    if (newest) [this.atTail, this.#meanwhile] = [false, []];
    this.loading = true;
    this.#onChange();
    const { session, kinds, query: text } = this.filter;
    try {
      const page = await this.#fetchPage({ ...query, session, kind: kinds && [...kinds].join(","), q: text });
      if (generation !== this.#generation) return;
      this.error = null;
      apply(page);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.error = /** @type {Error} */ (error);
    } finally {
      if (generation === this.#generation) {
        this.loading = false;
        this.pending += (this.#meanwhile ?? []).filter((head) => this.#matches(head)).length;
        this.#meanwhile = null;
        this.#onChange();
      }
    }
  }
}

/** A page may hold events newer than the number it was read at. */
function upTo(page) {
  return page.events.reduce((newest, head) => Math.max(newest, head.seq), page.last_seq);
}
