// What the address says: tab, session, search and selection. `#/tools?session=…&q=…&event=12`.
// @ts-check

/** @typedef {{type: "event"|"tool_call"|"agent"|"file"|"cost", key: string}} Selection an event's key is its seq, a cost's what `costKey` gives */
/** @typedef {{tab: string, session: string, query: string, selection: Selection|null}} Route */

const SELECTABLE = /** @type {const} */ (["event", "tool_call", "agent", "file", "cost"]);

/** @param {string} hash @returns {Route} */
export function parseRoute(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const params = new URLSearchParams(query);
  const type = SELECTABLE.find((name) => params.has(name));
  return {
    tab: decodeURIComponent(path) || "events",
    session: params.get("session") ?? "",
    query: params.get("q") ?? "",
    selection: type ? { type, key: params.get(type) ?? "" } : null,
  };
}

/** @param {Route} route @returns {string} */
export function formatRoute({ tab, session, query, selection }) {
  const params = new URLSearchParams();
  if (session) params.set("session", session);
  if (query) params.set("q", query);
  if (selection) params.set(selection.type, selection.key);
  const text = params.toString();
  return `#/${encodeURIComponent(tab)}${text && `?${text}`}`;
}
