// Finds what a payload is about, whichever way it came: hook JSON, the host's wire format, or a transcript line.
// @ts-check

/** Fields that name the envelope rather than the content; shown in the inspector's head instead. */
export const ENVELOPE = new Set([
  "session_id", "transcript_path", "cwd", "prompt_id", "permission_mode", "hook_event_name", "agent_id", "agent_type", "tool_use_id", "effort",
]);

/**
 * The hook's own JSON inside whatever envelope carries it.
 * @param {any} payload
 * @returns {Record<string, any>}
 */
export function hookOf(payload) {
  if (!isRecord(payload)) return { value: payload };
  if (typeof payload.hook_event_name === "string" && !isRecord(payload.data)) return payload;
  const inner = isRecord(payload.data) ? payload.data : null;
  if (!inner) return payload;
  return isRecord(inner.data) || "hook_event_name" in inner || "subtype" in payload ? hookOf(inner) : payload;
}

/**
 * A tool call as one event tells it; null when the event is not about one.
 * @param {string} kind
 * @param {Record<string, any>} hook
 */
export function toolCallOf(kind, hook) {
  const name = hook.tool_name;
  if (typeof name !== "string" || !name) return null;
  return {
    name,
    input: isRecord(hook.tool_input) ? hook.tool_input : isRecord(hook.tool_parameters) ? hook.tool_parameters : {},
    response: hook.tool_response ?? null,
    error: typeof hook.error === "string" ? hook.error : kind === "PermissionDenied" ? (hook.reason ?? "") : "",
    interrupted: hook.is_interrupt === true || hook.tool_response?.interrupted === true,
    durationMs: typeof hook.duration_ms === "number" ? hook.duration_ms : null,
  };
}

/** The text in a tool's answer, however it is wrapped. @param {any} response @returns {string} */
export function textOf(response) {
  if (typeof response === "string") return response;
  if (Array.isArray(response)) return response.map(textOf).filter(Boolean).join("\n");
  if (!isRecord(response)) return "";
  for (const field of ["text", "content", "result", "output", "message"]) {
    const text = field in response ? textOf(response[field]) : "";
    if (text) return text;
  }
  return "";
}

/** @param {any} message a transcript line's `message` @returns {any[]} its blocks, plain text as one text block */
export function blocksOf(message) {
  const content = isRecord(message) ? message.content : null;
  if (typeof content === "string") return [{ type: "text", text: content }];
  return Array.isArray(content) ? content : [];
}

/** @param {any} value @returns {value is Record<string, any>} */
export function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
