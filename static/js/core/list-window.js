// A bounded window on a list that only the server holds whole: extended page by page on either side, moved anywhere at once.
// @ts-check

/**
 * What a window reads from. Rows come in the order they are shown in; `more`: the server has further ones in that direction.
 * @typedef {object} Source
 * @property {(from: any, direction: "up"|"down", limit: number) => Promise<{rows: any[], more: boolean, upTo?: number}>} fetch
 *   the rows next to `from`, or, when it is null, those at the end the direction leads away from
 * @property {() => Promise<number|null>} count how many rows there are, null when the server cannot tell
 * @property {(row: any) => number} place where a row stands on the scale the list is ordered by
 * @property {(place: number) => any} at a stand-in for a row at that place, to fetch from
 */

export class ListWindow {
  /** @type {any[]} */
  rows = [];
  /** Position of the first row in the whole list, as far as it is known. */
  offset = 0;
  /** Rows in the whole list; null when that is not known. @type {number|null} */
  total = null;
  /** Nothing lies above, nothing below. */
  atTop = true;
  atBottom = true;
  /** New rows at the live end that are not in the window. */
  pending = 0;
  /** Rows read at once. */
  page;
  /** The reader is at the live end: what is new is shown, the far end may be dropped. */
  following = true;
  paused = false;
  loading = false;
  /** @type {Error|null} */
  error = null;
  /** Counts the times the window was replaced rather than extended. */
  epoch = 0;

  /** @type {Source} */
  source;
  #end;
  #limit;
  #onChange;
  #generation = 0;
  /** Places of the list's ends, for jumps. @type {[number, number]|null} */
  #span = null;

  /**
   * @param {() => void} onChange
   * @param {{end: "top"|"bottom", limit?: number, page?: number}} options `end` is where new rows come in
   */
  constructor(onChange, { end, limit = 2000, page = 100 }) {
    this.#onChange = onChange;
    this.#end = end;
    this.#limit = limit;
    this.page = page;
  }

  get atEnd() {
    return this.#end === "top" ? this.atTop : this.atBottom;
  }

  /** All there is. */
  get size() {
    return this.total ?? this.offset + this.rows.length;
  }

  /** Start over at the live end. @param {Source} [source] another list */
  async open(source = this.source) {
    const other = source !== this.source;
    this.source = source;
    this.following = true;
    if (other) [this.total, this.#span] = [null, null];
    await this.load(async (current) => {
      const page = await source.fetch(null, this.#end === "top" ? "down" : "up", this.page);
      if (!current()) return;
      this.replace(page.rows, this.#end === "top" ? [false, page.more] : [page.more, false]);
      this.filled(page);
    }, { newest: true });
    if (source === this.source) await this.#count(source);
  }

  /** Show the surroundings of a place in the list. @param {any} row a row, or what `source.at` gives */
  async around(row) {
    const { source } = this;
    this.following = false;
    await this.load(async (current) => {
      const reads = [source.fetch(row, "up", this.page), source.fetch(row, "down", this.page)];
      if (this.total !== null) this.#span ??= await this.#measure(source);
      const [above, below] = await Promise.all(reads);
      if (!current()) return;
      this.replace([...above.rows, ...below.rows], [above.more, below.more]);
      this.#estimate(above.rows.length, row);
      if (!below.more) this.filled(below);
    }, { newest: true });
  }

  /** Go where the scrollbar points: to a position in the whole list. @param {number} index */
  async jump(index) {
    const { source } = this;
    if (this.total === null || this.total < 2) return;
    const span = (this.#span ??= await this.#measure(source));
    if (!span || source !== this.source || this.total === null) return;
    const part = Math.min(1, Math.max(0, index / (this.total - 1)));
    if (part === 1 || part === 0) return part === (this.#end === "top" ? 0 : 1) ? this.open() : this.openFarEnd();
    await this.around(source.at(Math.round(span[0] + (span[1] - span[0]) * part)));
    if (source !== this.source) return;
    this.offset = Math.max(0, Math.min(index - this.#lead(span, part), this.total - this.rows.length));
    this.#settle();
    this.#onChange();
  }

  /** Go to the end where nothing new comes in. */
  async openFarEnd() {
    const { source } = this;
    this.following = false;
    await this.load(async (current) => {
      const page = await source.fetch(null, this.#end === "top" ? "up" : "down", this.page);
      if (current()) this.replace(page.rows, this.#end === "top" ? [page.more, false] : [false, page.more]);
    }, { newest: true });
  }

  /** @param {"up"|"down"} direction */
  async extend(direction) {
    const up = direction === "up";
    const toEnd = direction !== (this.#end === "top" ? "down" : "up");
    if (this.loading || (up ? this.atTop : this.atBottom) || this.rows.length === 0) return;
    await this.load(async (current) => {
      const page = await this.source.fetch(up ? this.rows[0] : this.rows.at(-1), direction, this.page * 2);
      if (!current()) return;
      if (up) this.#putAbove(page.rows);
      else this.#putBelow(page.rows);
      this[up ? "atTop" : "atBottom"] = !page.more;
      if (!page.more && toEnd) this.filled(page);
      this.#settle();
    }, { newest: toEnd });
  }

  pause() {
    this.paused = true;
  }

  // ---- below: for the windows of events and of documents

  /** The window has come to the live end. @param {{rows: any[], upTo?: number}} page */
  filled(page) {
    this.pending = 0;
  }

  /** @param {any[]} rows @param {[boolean, boolean]} more whether there is more above, below */
  replace(rows, [above, below]) {
    this.epoch += 1;
    this.rows = rows;
    [this.atTop, this.atBottom] = [!above, !below];
    this.offset = 0;
    this.pending = 0;
    this.#settle();
  }

  /** Append what is new at the bottom, dropping the far end when it gets too long. @param {any[]} rows */
  append(rows) {
    this.#putBelow(rows);
    if (this.total !== null) this.total += rows.length;
    this.#settle();
  }

  changed = () => this.#onChange();

  /**
   * Run one reading; when another begins meanwhile, `current()` turns false and the result is dropped.
   * @param {(current: () => boolean) => Promise<void>} read
   * @param {{newest: boolean}} options `newest`: until it is read, the live end is not known
   */
  async load(read, { newest }) {
    const generation = ++this.#generation;
    const current = () => generation === this.#generation;
    this.loading = true;
    this.error = null;
    if (newest) this.began();
    this.#onChange();
    try {
      await read(current);
    } catch (error) {
      if (current()) this.error = /** @type {Error} */ (error);
    }
    if (!current()) return;
    this.loading = false;
    this.ended();
    this.#onChange();
  }

  began() {}
  ended() {}

  #putAbove(rows) {
    this.rows = rows.concat(this.rows);
    if (this.total !== null) this.offset -= rows.length;
    if (this.rows.length <= this.#limit || this.following) return;
    this.rows.length = this.#limit;
    this.atBottom = false;
  }

  #putBelow(rows) {
    for (const row of rows) this.rows.push(row);
    const excess = this.rows.length - this.#limit;
    if (excess <= this.page) return;
    this.rows.splice(0, excess);
    if (this.total !== null) this.offset += excess;
    this.atTop = false;
  }

  /** At the list's ends positions are known, whatever was estimated before. */
  #settle() {
    if (this.total === null) return;
    if (this.atTop && this.atBottom) this.total = this.rows.length;
    this.total = Math.max(this.total, this.rows.length);
    if (this.atTop) this.offset = 0;
    else if (this.atBottom) this.offset = this.total - this.rows.length;
    else this.offset = Math.max(1, Math.min(this.offset, this.total - this.rows.length - 1));
  }

  async #count(source) {
    const total = await source.count().catch(() => null); // without it the scrollbar covers what is there
    if (source !== this.source || total === null) return;
    this.total = Math.max(total, this.rows.length);
    this.#settle();
    this.#onChange();
  }

  /** @param {number} above rows above the place @param {any} row */
  #estimate(above, row) {
    if (this.total === null || this.atTop || this.atBottom || !this.#span) return;
    const [first, last] = this.#span;
    const part = (this.source.place(row) - first) / (last - first || 1);
    this.offset = Math.round(part * (this.total - 1)) - above;
    this.#settle();
  }

  /** How many of the window's rows stand above the place jumped to. */
  #lead(span, part) {
    const place = span[0] + (span[1] - span[0]) * part;
    const rising = span[1] >= span[0];
    const below = this.rows.findIndex((row) => (rising ? this.source.place(row) >= place : this.source.place(row) <= place));
    return below < 0 ? this.rows.length : below;
  }

  /** Where the list's ends are, read once a list. @param {Source} source */
  async #measure(source) {
    const [top, bottom] = await Promise.all([source.fetch(null, "down", 1), source.fetch(null, "up", 1)]);
    return top.rows.length && bottom.rows.length ? /** @type {[number, number]} */ ([source.place(top.rows[0]), source.place(bottom.rows.at(-1))]) : null;
  }
}
