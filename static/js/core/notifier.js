// Collects what changed and tells the subscribers: what the reader did before the next frame, data at a steady beat.
// @ts-check

/** Topics that answer the reader: all parts of the page follow within the same frame. */
const URGENT = new Set(["state", "shown", "reveal"]);
/** Data is drawn at once when it comes alone, and at most this often in a stream: painting is what costs. ms */
const BEAT = 50;

/** A hidden page has no animation frames, but its state must keep up. @param {() => void} run */
function nextFrame(run) {
  if (document.hidden) setTimeout(run, 250);
  else requestAnimationFrame(run);
}

/** @typedef {{soon: (run: () => void) => void, frame: (run: () => void) => void, later: (run: () => void, ms: number) => any, now: () => number}} Clock */

export class Notifier {
  #subscribers = new Set();
  #dirty = new Set();
  #held = new Set();
  #urgent = false;
  #frame = false;
  #waiting = /** @type {any} */ (null);
  #lastFlush = -Infinity;
  #clock;

  /** @param {Clock} [clock] */
  constructor(clock = { soon: queueMicrotask.bind(globalThis), frame: nextFrame, later: (run, ms) => setTimeout(run, ms), now: () => performance.now() }) {
    this.#clock = clock;
  }

  /**
   * @param {string[]} topics
   * @param {(changed: Set<string>) => void} callback
   * @returns {() => void} ends the subscription
   */
  subscribe(topics, callback) {
    const entry = { topics, callback };
    this.#subscribers.add(entry);
    return () => void this.#subscribers.delete(entry);
  }

  /** Say that a topic changed. @param {string} topic */
  touch(topic) {
    this.#dirty.add(topic);
    if (this.#held.has(topic)) return;
    if (URGENT.has(topic)) return this.#askSoon();
    if (this.#frame) return;
    const wait = BEAT - (this.#clock.now() - this.#lastFlush);
    if (wait <= 0) this.#askFrame();
    else this.#waiting ??= this.#clock.later(this.#askFrame, wait);
  }

  /** Keep these topics back until `release`; others go on. @param {Iterable<string>} topics */
  hold(topics) {
    this.#held = new Set(topics);
  }

  release() {
    this.#held = new Set();
    for (const topic of this.#dirty) this.touch(topic);
  }

  #askSoon() {
    if (this.#urgent) return;
    this.#urgent = true;
    this.#clock.soon(() => {
      this.#urgent = false;
      this.#tell((topic) => URGENT.has(topic));
    });
  }

  #askFrame = () => {
    this.#waiting = null;
    if (this.#frame) return;
    this.#frame = true;
    this.#clock.frame(this.#flush);
  };

  #flush = () => {
    this.#frame = false;
    this.#lastFlush = this.#clock.now();
    this.#tell((topic) => !this.#held.has(topic));
  };

  /** @param {(topic: string) => boolean} due */
  #tell(due) {
    const changed = new Set([...this.#dirty].filter(due));
    for (const topic of changed) this.#dirty.delete(topic);
    if (changed.size === 0) return;
    for (const { topics, callback } of [...this.#subscribers]) {
      if (topics.some((topic) => changed.has(topic))) guarded(callback, changed);
    }
  }
}

/** One subscriber's fault must not keep the others from hearing. */
function guarded(callback, changed) {
  try {
    callback(changed);
  } catch (error) {
    reportError(error);
  }
}
