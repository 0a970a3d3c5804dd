// The server's answer to a question: asked when the question changes, and at a steady beat while figures move.
// @ts-check

/** Least time between two answers to the same question, ms; more when the server takes long. */
const BEAT = 1000;
const REST = 5;

export class Answer {
  /** @type {any} what was answered last, null before that */
  value = null;
  /** @type {Error|null} */
  error = null;
  loading = false;
  /** The value, if there is one, answers a question before the last. */
  isOfAnother = false;

  #fetch;
  #onChange;
  #clock;
  /** @type {Record<string, any>|null} */
  #query = null;
  #generation = 0;
  #dirty = false;
  #waiting = false;

  /**
   * @param {(query: Record<string, any>) => Promise<any>} fetch
   * @param {() => void} onChange
   * @param {{later?: (run: () => void, ms: number) => any, now?: () => number}} [clock]
   */
  constructor(fetch, onChange, { later = (run, ms) => setTimeout(run, ms), now = () => performance.now() } = {}) {
    this.#fetch = fetch;
    this.#onChange = onChange;
    this.#clock = { later, now };
  }

  /**
   * Ask something; the same again is no question.
   * @param {Record<string, any>} query
   * @param {number} [calm] how long it has to stand before it is asked, ms: what changes while somebody types would only
   *   keep the server busy
   */
  ask(query, calm = 0) {
    if (JSON.stringify(query) === JSON.stringify(this.#query)) return;
    if (query.session !== this.#query?.session) this.value = null;
    this.#query = query;
    this.isOfAnother = true;
    const generation = this.#begin();
    if (!calm) this.#load(generation);
    else this.#clock.later(() => generation === this.#generation && this.#load(generation), calm);
  }

  /** The figures have moved: ask again before long. */
  stale() {
    this.#dirty = true;
    if (!this.loading && !this.#waiting && this.#query) this.#load(this.#begin());
  }

  #begin() {
    this.loading = true;
    this.error = null;
    return ++this.#generation;
  }

  /** @param {number} generation */
  async #load(generation) {
    const began = this.#clock.now();
    this.#dirty = false;
    try {
      const value = await this.#fetch(/** @type {Record<string, any>} */ (this.#query));
      if (generation !== this.#generation) return;
      this.value = value;
    } catch (error) {
      if (generation !== this.#generation) return;
      this.error = /** @type {Error} */ (error);
    }
    this.loading = this.isOfAnother = false;
    this.#pause(Math.max(BEAT, REST * (this.#clock.now() - began)));
    this.#onChange();
  }

  #pause(milliseconds) {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#clock.later(() => {
      this.#waiting = false;
      if (this.#dirty && !this.loading) this.#load(this.#begin());
    }, milliseconds);
  }
}
