// Documents by key, for names and states beside rows: a bounded memory kept up to date live; what is missing is asked for once a frame.
// @ts-check

/** Documents of one topic kept; those used least recently go first. */
const KEPT = 2000;
/** Keys in one question. */
const MOST = 300;
/** What is new on screen is mostly told of live a moment later; only what is not is asked for. ms */
const PATIENCE = 60;

export class Lookup {
  /** @type {Map<string, Map<string, {seq: number, value: any}>>} by topic, then key; value null when there is none */
  #kept = new Map();
  /** @type {Map<string, Set<string>>} */
  #wanted = new Map();
  #asking = false;
  #fetch;
  #onChange;
  #later;

  /**
   * @param {(wanted: Record<string, string[]>) => Promise<Record<string, Record<string, {seq: number, value: any}>>>} fetchDocuments
   * @param {(topic: string) => void} onChange
   * @param {(run: () => void) => void} [later]
   */
  constructor(fetchDocuments, onChange, later = (run) => setTimeout(run, PATIENCE)) {
    this.#fetch = fetchDocuments;
    this.#onChange = onChange;
    this.#later = later;
  }

  /** A document's value; null while it is not known, or when there is none. @param {string} topic @param {string} key */
  get(topic, key) {
    const kept = this.#topic(topic);
    const entry = kept.get(key);
    if (!entry) return this.#want(topic, key);
    kept.delete(key);
    kept.set(key, entry);
    return entry.value;
  }

  /** Take live changes. @param {{topic: string, key: string, seq: number, value: any}[]} changes */
  apply(changes) {
    for (const { topic, key, seq, value } of changes) if (this.#kept.has(topic)) this.#put(topic, key, { seq, value });
  }

  /** Forget everything: another server may have derived it anew. */
  clear() {
    this.#kept.clear();
  }

  #want(topic, key) {
    if (!this.#wanted.has(topic)) this.#wanted.set(topic, new Set());
    this.#wanted.get(topic)?.add(key);
    if (!this.#asking) {
      this.#asking = true;
      this.#later(() => this.#ask());
    }
    return null;
  }

  async #ask() {
    const wanted = this.#take();
    try {
      const answer = Object.keys(wanted).length ? await this.#fetch(wanted) : {};
      for (const [topic, keys] of Object.entries(wanted)) {
        for (const key of keys) this.#put(topic, key, answer[topic]?.[key] ?? { seq: 0, value: null });
        this.#onChange(topic);
      }
    } catch {
      // what is wanted is wanted again with the next drawing
    }
    this.#asking = false;
    if (this.#wanted.size) this.#want(...this.#first());
  }

  #take() {
    /** @type {Record<string, string[]>} */
    const wanted = {};
    let room = MOST;
    for (const [topic, keys] of this.#wanted) {
      const kept = this.#topic(topic);
      for (const key of keys) if (kept.has(key)) keys.delete(key);
      const asked = [...keys].slice(0, room);
      if (asked.length) wanted[topic] = asked;
      room -= asked.length;
      for (const key of asked) keys.delete(key);
      if (keys.size === 0) this.#wanted.delete(topic);
      if (room === 0) break;
    }
    return wanted;
  }

  /** @returns {[string, string]} */
  #first() {
    const [topic, keys] = /** @type {[string, Set<string>]} */ (this.#wanted.entries().next().value);
    return [topic, /** @type {string} */ (keys.values().next().value)];
  }

  #topic(topic) {
    let kept = this.#kept.get(topic);
    if (!kept) this.#kept.set(topic, (kept = new Map()));
    return kept;
  }

  #put(topic, key, entry) {
    const kept = this.#topic(topic);
    const held = kept.get(key);
    if (held && held.seq > entry.seq) return;
    kept.delete(key);
    kept.set(key, entry);
    if (kept.size > KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
  }
}
