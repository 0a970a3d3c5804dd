// The header's numbers, asked of the server at most twice a second while they move.
// @ts-check

const INTERVAL = 500;

export class Counters {
  /** @type {Record<string, number>|null} */
  values = null;
  #store;
  #onChange;
  #timer = 0;
  #scope = "";

  /** @param {import("../core/store.js").Store} store @param {() => void} onChange */
  constructor(store, onChange) {
    this.#store = store;
    this.#onChange = onChange;
    this.#load();
  }

  /** The numbers may have moved. */
  refresh() {
    const delay = this.#key === this.#scope ? INTERVAL : 0;
    this.#timer ||= setTimeout(() => this.#load(), delay);
  }

  get #key() {
    return JSON.stringify(this.#store.scope);
  }

  async #load() {
    const scope = this.#key;
    try {
      const values = await this.#store.counts();
      if (scope === this.#key) [this.values, this.#scope] = [values, scope];
    } catch {
      if (scope !== this.#scope) this.values = null; // unknown is shown as "–", the last known stays
    }
    this.#timer = 0;
    this.#onChange();
  }
}
