// Which session the page shows, and how a session is named.
// @ts-check
import { baseName, shortId } from "./format.js";

export const ALL = "all";
const LIVE = new Set(["running", "waiting", "background", "idle", "failed"]);
/** A session that ended without saying so must not stay on top for ever. */
const STALE_AFTER = 12 * 3600 * 1e6;

/** @param {any} session @param {number} [now] µs */
export function isLive(session, now = Date.now() * 1000) {
  return LIVE.has(session.status) && now - session.last_at < STALE_AFTER;
}

/** Live ones first, then by start, newest first. @param {any[]} sessions @param {number} [now] µs */
export function inOrder(sessions, now = Date.now() * 1000) {
  return [...sessions].sort(
    (a, b) => Number(isLive(b, now)) - Number(isLive(a, now)) || startOf(b) - startOf(a),
  );
}

/**
 * The session to show: the reader's choice, else the newest. One that ends stays until a newer one begins.
 * @param {any[]} sessions
 * @param {string} wanted session id, "all", or "" for the newest
 * @param {string} [shown] the session shown now
 * @returns {string} session id, or "" for all sessions
 */
export function chooseSession(sessions, wanted, shown = "") {
  if (wanted === ALL) return "";
  if (wanted) return wanted;
  const current = sessions.find((session) => session.session_id === shown);
  const rivals = current ? sessions.filter((session) => isLive(session) && startOf(session) > startOf(current)) : sessions;
  return inOrder(rivals)[0]?.session_id ?? shown;
}

/** @param {any} session */
function startOf(session) {
  return session.started_at ?? session.last_at;
}

/** @param {any} session */
export function projectName(session) {
  const path = session.project || session.cwd;
  return path ? baseName(path) : "unknown project";
}

/** What to call a session: its title, else its short id. @param {any} session */
export function sessionName(session) {
  return session.title || `Session ${shortId(session.session_id)}`;
}
