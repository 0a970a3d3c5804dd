// Everything the page holds of documents: a topic's newest, windows on long lists, single ones by key. All bounded, all kept up to date live.
// @ts-check
import { DocumentTable } from "./document-table.js";
import { DocumentWindow } from "./document-window.js";
import { Lookup } from "./lookup.js";

/** @typedef {import("./document-table.js").Document & {topic: string}} Change */

export class Documents {
  /** @type {Map<string, DocumentTable>} */
  #tables = new Map();
  /** @type {Map<string, DocumentWindow>} */
  #lists = new Map();
  #lookup;
  #api;
  #shown;
  #onChange;

  /**
   * @param {import("./api.js").Api} api
   * @param {{scope: (topic: string) => Record<string, any>|null, belongs: (document: any) => boolean}} shown what the page shows: the query
   *   that narrows a topic down to it, null as long as that is not known; and whether a live document is of it
   * @param {(topic: string) => void} onChange
   */
  constructor(api, shown, onChange) {
    this.#api = api;
    this.#shown = shown;
    this.#onChange = onChange;
    this.#lookup = new Lookup((wanted) => api.lookup(wanted), onChange);
  }

  /** @returns {string[]} */
  get topics() {
    return [...new Set([...this.#tables.keys(), ...this.#lists.keys()])];
  }

  /** A topic's newest documents; the first call begins to load them. @param {string} topic */
  table(topic) {
    const known = this.#tables.get(topic);
    if (known) return known;
    const table = new DocumentTable((query) => this.#api.documents(topic, query), () => this.#onChange(topic));
    this.#tables.set(topic, table);
    this.#open(topic, table);
    return table;
  }

  /** The window on all of a topic's documents; a view opens it. @param {string} topic */
  list(topic) {
    const known = this.#lists.get(topic);
    if (known) return known;
    const list = new DocumentWindow(() => this.#onChange(topic));
    this.#lists.set(topic, list);
    return list;
  }

  /** @param {string} topic @param {string} key @returns {any} */
  get(topic, key) {
    return this.#lookup.get(topic, key);
  }

  /** Another session or project is shown. @param {string[]} [topics] */
  reopen(topics = [...this.#tables.keys()].filter((topic) => topic !== "session")) {
    return Promise.all(topics.map((topic) => this.#open(topic, this.table(topic))));
  }

  /** @param {Change[]} changes */
  apply(changes) {
    this.#lookup.apply(changes);
    for (const topic of new Set(changes.map((change) => change.topic))) {
      const ofTopic = changes.filter((change) => change.topic === topic);
      this.#tables.get(topic)?.apply(ofTopic);
      this.#lists.get(topic)?.apply(ofTopic);
      this.#onChange(topic);
    }
  }

  /** Read again what is shown: too much was missed, or another server derived it. */
  reload() {
    this.#lookup.clear();
    for (const table of this.#tables.values()) table.reload();
    for (const list of this.#lists.values()) if (list.source) list.open();
  }

  /** Read what changed while nothing was heard. */
  async catchUp() {
    for (const list of this.#lists.values()) list.stale();
    await Promise.allSettled([...this.#tables.values()].map((table) => table.catchUp()));
  }

  /** @param {boolean} paused */
  pause(paused) {
    for (const list of this.#lists.values()) paused ? list.pause() : list.resume();
  }

  async #open(topic, table) {
    const query = this.#shown.scope(topic);
    if (query) await table.open(query, (document) => this.#shown.belongs({ ...document, topic }));
  }
}
