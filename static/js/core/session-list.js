// The sessions to choose from: of the chosen project, found by words, and which projects there are.
// @ts-check

/** As many as anyone scrolls through; words find the rest. */
const MOST = 100;

export class SessionList {
  #store;
  #api;

  /** @param {import("./store.js").Store} store @param {import("./api.js").Api} api */
  constructor(store, api) {
    this.#store = store;
    this.#api = api;
  }

  /** The sessions changed last, of the chosen project if one is chosen. @returns {any[]} */
  get all() {
    return this.#store.documents("session").all.map((document) => document.value);
  }

  /** @param {string} words "" for all, those first in which something happened last @returns {Promise<any[]>} */
  async find(words) {
    const { sessions } = await this.#api.get("sessions", { q: words || null, project: this.#store.state.project || null, sort: "last_at", limit: MOST });
    return sessions;
  }

  /** @returns {Promise<{project: string, sessions: number, last_at: number}[]>} the one something happened in last comes first */
  async projects() {
    return (await this.#api.get("projects")).projects;
  }
}
