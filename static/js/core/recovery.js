// What a lost connection cost: nothing, and this says so: how many events were caught up once it is back.
// @ts-check

/** How long the page says so, ms. */
const SHOWN = 8000;

export class Recovery {
  /** Events caught up with the last reconnection; null when there is nothing to tell. @type {number|null} */
  caughtUp = null;

  #lostAt = /** @type {number|null} */ (null);
  #onChange;
  #later;

  /** @param {() => void} onChange @param {(run: () => void, ms: number) => any} [later] */
  constructor(onChange, later = (run, ms) => setTimeout(run, ms)) {
    this.#onChange = onChange;
    this.#later = later;
  }

  /** @param {number} lastSeq the last event heard of */
  lost(lastSeq) {
    this.#lostAt ??= lastSeq;
    this.caughtUp = null;
  }

  /** @param {number} lastSeq the last event heard of by now */
  joined(lastSeq) {
    if (this.#lostAt === null) return;
    this.caughtUp = Math.max(0, lastSeq - this.#lostAt);
    this.#lostAt = null;
    this.#onChange();
    this.#later(() => this.#over(), SHOWN);
  }

  #over() {
    this.caughtUp = null;
    this.#onChange();
  }
}
