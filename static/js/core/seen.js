// Where the reader stopped looking: what came while the page was hidden or closed is marked as new.
// @ts-check
import { preference, setPreference } from "./preferences.js";

const NAME = "seen";

export class Seen {
  /** Events above this seq came while nobody looked; null when there is nothing to mark. @type {number|null} */
  mark = null;

  #lastSeq;
  #onChange;
  #left = Number(preference(NAME, "0"));

  /** @param {() => number} lastSeq the newest event the page knows @param {() => void} onChange */
  constructor(lastSeq, onChange) {
    this.#lastSeq = lastSeq;
    this.#onChange = onChange;
  }

  /** The reader looks away. */
  leave() {
    this.#left = this.#lastSeq();
    if (this.#left) setPreference(NAME, String(this.#left));
  }

  /** The reader is here again (or for the first time, with what an earlier visit left behind). */
  arrive() {
    const last = this.#lastSeq();
    if (this.#left && last > this.#left) this.mark = this.#left;
    else if (last < this.#left) this.mark = null; // another store
    this.#onChange();
  }

  clear() {
    this.#left = this.#lastSeq();
    this.mark = null;
    this.#onChange();
  }
}

/** Follow the page's visibility, from now on; asked again it goes on as it does. @param {Seen} seen */
export function watchReader(seen) {
  if (watched.has(seen)) return;
  watched.add(seen);
  if (!document.hidden) seen.arrive();
  document.addEventListener("visibilitychange", () => (document.hidden ? seen.leave() : seen.arrive()));
  addEventListener("pagehide", () => seen.leave());
}

const watched = new WeakSet();
