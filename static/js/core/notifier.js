// Collects what changed and tells the subscribers at most once per animation frame.
// @ts-check

/** A hidden page has no animation frames, but its state must keep up. @param {() => void} run */
function nextFrame(run) {
  if (document.hidden) setTimeout(run, 250);
  else requestAnimationFrame(run);
}

export class Notifier {
  #subscribers = new Set();
  #dirty = new Set();
  #held = new Set();
  #scheduled = false;
  #schedule;

  /** @param {(run: () => void) => void} [schedule] */
  constructor(schedule = nextFrame) {
    this.#schedule = schedule;
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
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(this.#flush);
  }

  /** Keep these topics back until `release`; others go on. @param {Iterable<string>} topics */
  hold(topics) {
    this.#held = new Set(topics);
  }

  release() {
    this.#held = new Set();
    for (const topic of this.#dirty) this.touch(topic);
  }

  #flush = () => {
    this.#scheduled = false;
    const changed = new Set([...this.#dirty].filter((topic) => !this.#held.has(topic)));
    for (const topic of changed) this.#dirty.delete(topic);
    if (changed.size === 0) return;
    for (const { topics, callback } of [...this.#subscribers]) {
      if (topics.some((topic) => changed.has(topic))) guarded(callback, changed);
    }
  };
}

/** One subscriber's fault must not keep the others from hearing. */
function guarded(callback, changed) {
  try {
    callback(changed);
  } catch (error) {
    reportError(error);
  }
}
