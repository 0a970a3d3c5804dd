// What a list says when it has no rows: why, and what to do about it.
import { html, nothing } from "lit";

/**
 * @param {import("../core/store.js").Store} store
 * @param {{loading: boolean, error: Error|null}} source
 * @param {string} filtered what nothing matches ("events match"), "" when nothing is filtered
 * @param {string} [nothingYet] heading when the session simply has none yet
 */
export function emptyMessage(store, source, filtered, nothingYet = "") {
  if (source.error) return failure(source.error, store);
  if (source.loading) return html`<div class="message"><p>Loading…</p></div>`;
  if (filtered) return noMatch(store, filtered);
  if (nothingYet && store.sessionId) return html`<div class="message"><h2>${nothingYet}</h2></div>`;
  return waiting();
}

function waiting() {
  return html`<div class="message">
    <h2>Waiting for the first event</h2>
    <p>Start a session with <code>claude-mpm run --monitor</code></p>
    <p>or bring in the ones you have: <code>mpm-monitor import</code></p>
    <p>Nothing arrives? <code>mpm-monitor doctor</code> says why.</p>
  </div>`;
}

function noMatch(store, filtered) {
  const clear = () => store.update({ query: "", families: Object.freeze([]) });
  return html`<div class="message">
    <h2>No ${filtered}</h2>
    <p>Nothing in ${store.sessionId ? "this session" : "any session"} fits the search${store.state.query ? html` “${store.state.query}”` : nothing}.</p>
    <p><button class="button" @click=${clear}>Clear search and filters</button></p>
  </div>`;
}

function failure(error, store) {
  return html`<div class="message" role="alert">
    <h2>${error.title ?? "This could not be loaded"}</h2>
    <p>${error.message}</p>
    <p><button class="button" @click=${() => store.reload(store.lastSeq)}>Try again</button></p>
  </div>`;
}
