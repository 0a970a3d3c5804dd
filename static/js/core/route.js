// What the address says: view, project, session, search, kinds of events, time range, selection, whether new events are followed.
// `#/tools?project=…&session=…&q=…&kinds=tool,ask&from=…&to=…&event=12`, times in µs since the epoch.
// @ts-check
import { familiesIn } from "./kinds.js";

/** @typedef {{type: "event"|"tool_call"|"agent"|"turn"|"session"|"file"|"cost", key: string}} Selection an event's key is its seq, a cost's what `costKey` gives, any other's its document's */
/** @typedef {{tab: string, project: string, session: string, query: string, families: readonly string[], from: number|null, to: number|null, selection: Selection|null, paused: boolean}} Route */

const SELECTABLE = /** @type {const} */ (["event", "tool_call", "agent", "turn", "file", "cost"]);
/** A session selected is not the session shown, which is `session`. */
const SELECTED_SESSION = "about";

/** @param {string} hash @returns {Route} */
export function parseRoute(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const params = new URLSearchParams(query);
  return {
    tab: decoded(path) || "overview",
    project: params.get("project") ?? "",
    session: params.get("session") ?? "",
    query: params.get("q") ?? "",
    families: familiesIn((params.get("kinds") ?? "").split(",")),
    from: micros(params.get("from")),
    to: micros(params.get("to")),
    selection: selectionOf(params),
    paused: params.get("follow") === "0",
  };
}

/** @param {Route} route @returns {string} */
export function formatRoute({ tab, project, session, query, families, from, to, selection, paused }) {
  const params = new URLSearchParams();
  if (project) params.set("project", project);
  if (session) params.set("session", session);
  if (query) params.set("q", query);
  if (families.length) params.set("kinds", families.join(","));
  if (from !== null) params.set("from", String(from));
  if (to !== null) params.set("to", String(to));
  if (paused) params.set("follow", "0");
  if (selection) params.set(selection.type === "session" ? SELECTED_SESSION : selection.type, selection.key);
  const text = params.toString();
  return `#/${encodeURIComponent(tab)}${text && `?${text}`}`;
}

/** @param {URLSearchParams} params @returns {Selection|null} */
function selectionOf(params) {
  if (params.has(SELECTED_SESSION)) return { type: "session", key: params.get(SELECTED_SESSION) ?? "" };
  const type = SELECTABLE.find((name) => params.has(name));
  return type ? { type, key: params.get(type) ?? "" } : null;
}

/** @param {string|null} text */
function micros(text) {
  return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : null;
}

/** An address may have been cut or mistyped; that is no reason to show nothing. @param {string} path */
function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return "";
  }
}
