// One topic's documents (agents, tool calls, files …): loaded by pages, kept up to date by live changes.
// @ts-check

/** @typedef {{key: string, session_id: string, seq: number, value: any}} Document */

export class DocumentTable {
  loading = false;
  /** False when older documents exist beyond the limit. */
  complete = true;
  /** @type {Error|null} */
  error = null;

  /** @type {Map<string, Document>} */
  #documents = new Map();
  #fetchPage;
  #onChange;
  #limit;
  #session = "";
  #generation = 0;

  /**
   * @param {(query: Record<string, any>|string) => Promise<{documents: Document[], next: string|null}>} fetchPage
   * @param {() => void} onChange
   */
  constructor(fetchPage, onChange, { limit = 5000, page = 1000 } = {}) {
    this.#fetchPage = fetchPage;
    this.#onChange = onChange;
    this.#limit = limit;
    this.page = page;
  }

  /** Every document held, in no particular order. */
  get all() {
    return [...this.#documents.values()];
  }

  get size() {
    return this.#documents.size;
  }

  /** @param {string} key @returns {Document|undefined} */
  get(key) {
    return this.#documents.get(key);
  }

  /** Load a session's documents, newest first; "" loads every session's. @param {string} session */
  async open(session) {
    if (session !== this.#session) this.#documents.clear();
    this.#session = session;
    await this.reload();
  }

  /** Read again from the server, keeping what is shown meanwhile. */
  async reload() {
    const generation = ++this.#generation;
    this.loading = true;
    this.error = null;
    this.#onChange();
    try {
      await this.#loadPages(() => generation === this.#generation);
    } catch (error) {
      if (generation === this.#generation) this.error = /** @type {Error} */ (error);
    }
    if (generation !== this.#generation) return;
    this.loading = false;
    this.#onChange();
  }

  /** Apply live changes; an older one than what is held is ignored. @param {Document[]} changes */
  apply(changes) {
    let applied = false;
    for (const change of changes) {
      if (this.#session && change.session_id !== this.#session) continue;
      applied = this.#put(change) || applied;
    }
    if (!applied) return;
    this.#evict();
    this.#onChange();
  }

  async #loadPages(current) {
    /** @type {Record<string, any>|string|null} */
    let query = { session: this.#session, limit: this.page };
    let loaded = 0;
    while (query !== null && loaded < this.#limit) {
      const page = await this.#fetchPage(query);
      if (!current()) return;
      for (const document of page.documents) this.#put(document);
      loaded += page.documents.length;
      query = page.next;
      this.#onChange();
    }
    this.complete = query === null;
  }

  /** @param {Document} document */
  #put(document) {
    const held = this.#documents.get(document.key);
    if (held && held.seq > document.seq) return false;
    this.#documents.set(document.key, document);
    return true;
  }

  #evict() {
    if (this.#documents.size <= this.#limit * 1.2) return;
    const oldest = this.all.sort((a, b) => a.seq - b.seq).slice(0, this.#documents.size - this.#limit);
    for (const { key } of oldest) this.#documents.delete(key);
    this.complete = false;
  }
}
