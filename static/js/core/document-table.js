// One topic's documents (agents, tool calls, files …): the newest at once, the rest on request, kept up to date live.
// @ts-check

/** @typedef {{key: string, session_id: string, seq: number, value: any}} Document */

export class DocumentTable {
  loading = false;
  /** False when the server has older documents than these. */
  complete = true;
  /** Settles when the loading now under way has ended, well or not. */
  loaded = Promise.resolve();
  /** @type {Error|null} */
  error = null;

  /** @type {Map<string, Document>} */
  #documents = new Map();
  #fetchPage;
  #onChange;
  #limit;
  #page;
  /** @type {Record<string, any>} what narrows the documents down */
  #query = {};
  /** @type {(document: Document) => boolean} whether a live one belongs here */
  #belongs = () => true;
  /** @type {string|null} query of the next older page */
  #next = null;
  #generation = 0;

  /**
   * @param {(query: Record<string, any>|string) => Promise<{documents: Document[], next: string|null}>} fetchPage
   * @param {() => void} onChange
   */
  constructor(fetchPage, onChange, { limit = 2000, page = 200 } = {}) {
    this.#fetchPage = fetchPage;
    this.#onChange = onChange;
    this.#limit = limit;
    this.#page = page;
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

  /** Load the newest documents of a list. @param {Record<string, any>} query @param {(document: Document) => boolean} belongs */
  open(query, belongs) {
    if (JSON.stringify(query) !== JSON.stringify(this.#query)) this.#documents.clear();
    [this.#query, this.#belongs] = [query, belongs];
    return this.reload();
  }

  /** Read again from the server, keeping what is shown meanwhile. */
  reload() {
    const pages = Math.max(1, Math.ceil(this.#documents.size / this.#page));
    return this.#start({ ...this.#query, limit: this.#page }, pages);
  }

  /** Load the older ones too, up to the limit; a list of all of them asks for it. */
  rest() {
    const room = Math.floor((this.#limit - this.#documents.size) / this.#page);
    if (this.#next !== null && !this.loading && !this.error && room > 0) this.#start(this.#next, room);
    return this.loaded;
  }

  /** Read what changed since the newest document here: changes told before the live line was joined. */
  async catchUp() {
    await this.loaded;
    const asked = this.#query;
    const newest = this.all.reduce((seq, document) => Math.max(seq, document.seq), 1);
    /** @type {Record<string, any>|string|null} */
    let query = { ...asked, after: newest - 1, order: "asc", limit: this.#page };
    while (query !== null) {
      const page = await this.#fetchPage(query);
      if (asked !== this.#query) return;
      this.apply(page.documents);
      query = page.next;
    }
  }

  /** @param {Record<string, any>|string} query @param {number} pages at most */
  #start(query, pages) {
    this.loaded = this.#load(query, pages);
    return this.loaded;
  }

  async #load(query, pages) {
    const generation = ++this.#generation;
    this.loading = true;
    this.error = null;
    this.#onChange();
    try {
      await this.#loadPages(query, pages, () => generation === this.#generation);
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
      if (!this.#belongs(change)) continue;
      applied = this.#put(change) || applied;
    }
    if (!applied) return;
    this.#evict();
    this.#onChange();
  }

  async #loadPages(query, pages, current) {
    for (let number = 0; number < pages && query !== null; number += 1) {
      const page = await this.#fetchPage(query);
      if (!current()) return;
      for (const document of page.documents) this.#put(document);
      query = page.next;
      this.#next = query;
      this.complete = query === null;
      this.#onChange();
    }
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
