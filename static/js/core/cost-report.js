// The server's answer about costs: asked at once when the question changes, at a steady beat while figures move.
// @ts-check

/** Least time between two answers to the same question, ms; more when the server takes long. */
const BEAT = 1000;
const REST = 5;

export class CostReport {
  /** @type {{costs: any[], total: any, left_out: number}|null} */
  value = null;
  /** @type {Error|null} */
  error = null;
  loading = false;

  #fetch;
  #onChange;
  #clock;
  /** @type {Record<string, any>|null} */
  #query = null;
  #generation = 0;
  #dirty = false;
  #waiting = false;

  /**
   * @param {(query: Record<string, any>) => Promise<any>} fetchCosts
   * @param {() => void} onChange
   * @param {{later: (run: () => void, ms: number) => any, now: () => number}} [clock]
   */
  constructor(fetchCosts, onChange, clock = { later: (run, ms) => setTimeout(run, ms), now: () => performance.now() }) {
    this.#fetch = fetchCosts;
    this.#onChange = onChange;
    this.#clock = clock;
  }

  /** Ask something; the same again is no question. @param {Record<string, any>} query */
  ask(query) {
    if (JSON.stringify(query) === JSON.stringify(this.#query)) return;
    if (query.session !== this.#query?.session) this.value = null;
    this.#query = query;
    this.#load();
  }

  /** The figures have moved: ask again before long. */
  stale() {
    this.#dirty = true;
    if (!this.loading && !this.#waiting && this.#query) this.#load();
  }

  async #load() {
    const generation = ++this.#generation;
    const began = this.#clock.now();
    this.#dirty = false;
    this.loading = true;
    this.error = null;
    try {
      const value = await this.#fetch(/** @type {Record<string, any>} */ (this.#query));
      if (generation !== this.#generation) return;
      this.value = value;
    } catch (error) {
      if (generation !== this.#generation) return;
      this.error = /** @type {Error} */ (error);
    }
    this.loading = false;
    this.#pause(Math.max(BEAT, REST * (this.#clock.now() - began)));
    this.#onChange();
  }

  #pause(milliseconds) {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#clock.later(() => {
      this.#waiting = false;
      if (this.#dirty && !this.loading) this.#load();
    }, milliseconds);
  }
}
