// A status is always told twice: by a shape of its own and by a word.
import { html, svg } from "lit";

const SHAPES = {
  running: svg`<circle cx="8" cy="8" r="5" stroke-dasharray="7 3.4" class="turning"></circle>`,
  ok: svg`<path d="M3.5 8.5 6.7 11.7 12.5 4.5"></path>`,
  error: svg`<path d="M4 4l8 8M12 4l-8 8"></path>`,
  denied: svg`<circle cx="8" cy="8" r="5.2"></circle><path d="M4.3 11.7l7.4-7.4"></path>`,
  interrupted: svg`<rect x="4" y="4" width="8" height="8"></rect>`,
  unknown: svg`<path d="M5.8 6a2.2 2.2 0 1 1 3.2 2.2C8.2 8.6 8 9 8 9.7M8 12v.1"></path>`,
  info: svg`<circle cx="8" cy="8" r="5.5"></circle><path d="M8 7.3v3.4M8 5v.1"></path>`,
  waiting: svg`<path d="M4.5 2.5h7M4.5 13.5h7M5 2.5c0 3 3 3.5 3 5.5s-3 2.5-3 5.5M11 2.5c0 3-3 3.5-3 5.5s3 2.5 3 5.5"></path>`,
  idle: svg`<circle cx="8" cy="8" r="4.5"></circle>`,
  failed: svg`<path d="M8 2.5 14 13H2zM8 6.5v3M8 11v.1"></path>`,
  background: svg`<circle cx="8" cy="8" r="5" stroke-dasharray="2 2.7" class="turning"></circle>`,
  asking: svg`<path d="M2.5 3h11v8h-5L5 13.5V11H2.5zM8 5.2v2.6M8 9.4v.1"></path>`,
  stuck: svg`<circle cx="8" cy="8" r="5.5"></circle><path d="M6.3 5.7v4.6M9.7 5.7v4.6"></path>`,
  looping: svg`<path d="M3 8a4 4 0 0 1 4-4h5M10 2l2 2-2 2M13 8a4 4 0 0 1-4 4H4M6 10l-2 2 2 2"></path>`,
  recorded: svg`<circle cx="8" cy="8" r="2" class="solid"></circle>`,
  ended: svg`<path d="M3.5 8h9"></path>`,
  connected: svg`<circle cx="8" cy="8" r="3.5" class="solid"></circle>`,
  reconnecting: svg`<path d="M13 8a5 5 0 1 1-1.5-3.6M12 1.8v3H9"></path>`,
  disconnected: svg`<circle cx="8" cy="8" r="5.2"></circle><path d="M8 4.8v4M8 11v.1"></path>`,
  connecting: svg`<circle cx="8" cy="8" r="4.5" stroke-dasharray="2 2.7"></circle>`,
};

/** What a person reads for a status the wire names. */
const WORDS = { ok: "done", error: "failed", connecting: "connecting" };

/** @param {string} status */
export function statusWord(status) {
  return WORDS[status] ?? status;
}

/** What a session's status is shown as: nobody knows whether one goes on that only its transcript tells of. @param {string} status */
export function sessionStatus(status) {
  return status === "unknown" ? "recorded" : status;
}

/** @param {string} status */
export function statusShape(status) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[status] ?? SHAPES.unknown}</svg>`;
}

/** Shape and word. @param {string|null|undefined} status */
export function statusMark(status) {
  if (!status) return html`<span class="status"></span>`;
  return html`<span class="status" data-status=${status}>${statusShape(status)}<span class="word">${statusWord(status)}</span></span>`;
}
