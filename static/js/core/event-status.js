// The status an event's row shows: its tool call's where that is known, else what its kind alone says.
// @ts-check

const BY_KIND = { PostToolUseFailure: "error", StopFailure: "error", PermissionDenied: "denied", PermissionRequest: "waiting", Elicitation: "waiting" };
const RESULTS = new Set(["PostToolUse", "PostToolUseFailure", "PermissionDenied", "transcript.user"]);
const BEGINNINGS = new Set(["PreToolUse", "transcript.assistant"]);

/**
 * @param {import("./event-window.js").Head} head
 * @param {any} call the document of the tool call it belongs to, if any
 * @returns {{status: string, micros: number|null}} "" when there is none to show
 */
export function eventStatus(head, call) {
  const own = head.status ?? BY_KIND[head.kind] ?? "";
  if (!call) return { status: own, micros: null };
  if (RESULTS.has(head.kind)) return { status: call.status, micros: call.duration_us };
  // A call that will never get a result event tells its fate where it began.
  return { status: BEGINNINGS.has(head.kind) && call.result_seq === null ? call.status : own, micros: null };
}

/** @param {import("./store.js").Store} store @param {import("./event-window.js").Head} head */
export function statusOf(store, head) {
  const call = head.tool_use_id ? store.lookup("tool_call", `${head.session_id}/${head.tool_use_id}`) : null;
  return eventStatus(head, call);
}
