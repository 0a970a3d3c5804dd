// What the server says of the stretch of time in sight and a little beyond; asked for again when that no longer does.
// @ts-check

/** A column a span, as the server has them. */
export const START = 0, END = 1, ROW = 2, TYPE = 3, STATUS = 4, COUNT = 5, NAME = 6, KEY = 7, CRITICAL = 8;

/** @typedef {[number, number|null, number, "turn"|"agent"|"tool_call", string, number, string, string, boolean]} Span */
/** @typedef {{session_id: string, agent_id: string|null, depth: number, title: string, detail: string, status: string, agents: number, rows: number, spans: Span[], waits: [number, number|null, number, string, boolean][]}} Lane */
/** @typedef {{from: number, to: number, extent: {from: number, to: number, live: boolean}|null, resolution: number, lanes: Lane[], more_sessions: number, counters: {from: number, step: number, tokens: number[], cost: number[], context: (number|null)[]|null}}} Answer */

/** Of the width in sight, so much is asked for on either side. */
const MARGIN = 0.5;

export class TimelineWindow {
  /** @type {Answer|null} */
  answer = null;
  /** @type {Error|null} */
  error = null;
  loading = false;

  #ask;
  #onChange;
  #scope = "";
  /** @type {any} the question that the answer is of */
  #answered = null;
  /** @type {any} */
  #wanted = null;
  #stale = false;

  /** @param {(query: Record<string, any>) => Promise<Answer>} ask @param {() => void} onChange */
  constructor(ask, onChange) {
    this.#ask = ask;
    this.#onChange = onChange;
  }

  /** @param {Record<string, any>} scope @param {import("./scale.js").Range|null} range null: all there is @param {number} width pixels */
  want(scope, range, width) {
    const key = JSON.stringify(scope);
    if (key !== this.#scope) [this.#scope, this.answer, this.#answered, this.error] = [key, null, null, null];
    this.#wanted = { key, scope, range, width };
    if (!this.loading && !this.#does(this.#wanted)) this.#load();
  }

  /** Something of it is other than it was. */
  stale() {
    this.#stale = true;
    if (!this.loading && this.#wanted) this.#load();
  }

  #does({ key, range, width }) {
    const known = this.#answered;
    if (!known || known.key !== key || this.error) return this.error !== null && known?.failed === range;
    if (!range) return true;
    return range.from >= known.from && range.to <= known.to && level(range, width) === known.level;
  }

  async #load() {
    const { key, scope, range, width } = this.#wanted;
    const room = range ? (range.to - range.from) * MARGIN : 0;
    const asked = range && { from: Math.max(0, Math.floor(range.from - room)), to: Math.ceil(range.to + room) };
    const pixels = Math.round(Math.min(8192, Math.max(16, width * (range ? 1 + 2 * MARGIN : 1))));
    [this.loading, this.#stale] = [true, false];
    try {
      const answer = await this.#ask({ ...scope, ...asked, width: pixels });
      if (key === this.#scope) {
        [this.answer, this.error] = [answer, null];
        this.#answered = { key, from: asked?.from ?? -Infinity, to: asked?.to ?? Infinity, level: range ? level(range, width) : NaN };
      }
    } catch (error) {
      if (key === this.#scope) [this.error, this.#answered] = [/** @type {Error} */ (error), { failed: range }];
    }
    this.loading = false;
    this.#onChange();
    // Who was told may have asked by now: two at a time would become four.
    if (!this.loading && (this.#stale || !this.#does(this.#wanted))) this.#load();
  }
}

/** How finely the server merges for so many µs a pixel. */
function level({ from, to }, width) {
  return Math.floor(Math.log2(Math.max(1, (to - from) / width)));
}
