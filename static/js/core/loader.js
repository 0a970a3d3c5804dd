// Loads the one thing that is wanted now. An answer for anything else, however late, is never shown.
// @ts-check

export class Loader {
  /** @type {string|null} */
  key = null;
  value = /** @type {any} */ (null);
  /** @type {Error|null} */
  error = null;
  loading = false;

  #fetchOne;
  #onChange;
  #abort = new AbortController();
  #cache = new Map();
  #cacheSize;

  /**
   * @param {(key: string, signal: AbortSignal) => Promise<any>} fetchOne
   * @param {() => void} onChange
   */
  constructor(fetchOne, onChange, { cacheSize = 8 } = {}) {
    this.#fetchOne = fetchOne;
    this.#onChange = onChange;
    this.#cacheSize = cacheSize;
  }

  /** @param {string|null} key null shows nothing @param {{fresh?: boolean}} [options] fresh reads again what is shown */
  async want(key, { fresh = false } = {}) {
    if (key === this.key && !fresh && !this.error) return;
    const same = key === this.key;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.key = key;
    this.error = null;
    this.value = (fresh && !same ? null : this.#cache.get(key)) ?? (same ? this.value : null);
    this.loading = key !== null && (fresh || this.value === null);
    this.#onChange();
    if (this.loading && key !== null) await this.#load(key, this.#abort.signal);
  }

  async #load(key, signal) {
    try {
      const value = await this.#fetchOne(key, signal);
      if (signal.aborted) return; // what was asked for later may be here already, and is newer
      this.#remember(key, value);
      this.value = value;
    } catch (error) {
      if (signal.aborted) return;
      this.error = /** @type {Error} */ (error);
    }
    this.loading = false;
    this.#onChange();
  }

  #remember(key, value) {
    this.#cache.delete(key);
    this.#cache.set(key, value);
    if (this.#cache.size > this.#cacheSize) this.#cache.delete(this.#cache.keys().next().value);
  }
}
