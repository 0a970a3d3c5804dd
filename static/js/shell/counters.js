// The header's numbers, asked of the server at most twice a second while they move.
// @ts-check

const INTERVAL = 500;

export class Counters {
  /** @type {{events: number, tool_calls: number, errors: number, agents: number}|null} */
  values = null;
  #store;
  #onChange;
  #timer = 0;
  #session = "";

  /** @param {import("../core/store.js").Store} store @param {() => void} onChange */
  constructor(store, onChange) {
    this.#store = store;
    this.#onChange = onChange;
    this.#load();
  }

  /** The numbers may have moved. */
  refresh() {
    const delay = this.#store.sessionId === this.#session ? INTERVAL : 0;
    this.#timer ||= setTimeout(() => this.#load(), delay);
  }

  async #load() {
    const session = this.#store.sessionId;
    try {
      const values = await this.#store.counts(session);
      if (session === this.#store.sessionId) [this.values, this.#session] = [values, session];
    } catch {
      if (session !== this.#session) this.values = null; // unknown is shown as "–", the last known stays
    }
    this.#timer = 0;
    this.#onChange();
  }
}
