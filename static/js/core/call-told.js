// A tool call as all its events tell it together: hooks, and the lines of the transcript that call and answer.
// @ts-check
import { blocksOf, hookOf, isRecord, textOf, toolCallOf } from "./payload.js";

/** @typedef {NonNullable<ReturnType<import("./payload.js").toolCallOf>>} Told */

/** Claude Code wraps what went wrong, for the model to see. */
const WRAPPED = /^\s*<tool_use_error>([\s\S]*?)<\/tool_use_error>\s*$/;

/**
 * @param {{kind: string, payload: any}[]} events with payloads, oldest first
 * @param {string} id of the call
 * @returns {Told|null} null when none of them tells
 */
export function callTold(events, id) {
  const parts = events.map((event) => toldBy(event, id)).filter((part) => part !== null);
  if (parts.length === 0) return null;
  return parts.reduce((known, part) => ({
    name: known.name || part.name,
    input: Object.keys(known.input).length ? known.input : part.input,
    response: isRecord(known.response) || part.response === null ? known.response : part.response,
    error: part.error || known.error,
    interrupted: known.interrupted || part.interrupted,
    durationMs: part.durationMs ?? known.durationMs,
  }));
}

/** @param {{kind: string, payload: any}} event @param {string} id @returns {Told|null} */
function toldBy({ kind, payload }, id) {
  return kind.startsWith("transcript.") ? toldByLine(payload, id) : toolCallOf(kind, hookOf(payload));
}

/** @param {any} line @param {string} id @returns {Told|null} */
function toldByLine(line, id) {
  const blocks = blocksOf(isRecord(line) ? line.message : null);
  const nothing = { name: "", input: {}, response: null, error: "", interrupted: false, durationMs: null };
  const call = blocks.find((block) => block?.type === "tool_use" && block.id === id);
  if (call) return { ...nothing, name: String(call.name ?? ""), input: isRecord(call.input) ? call.input : {} };
  const results = blocks.filter((block) => block?.type === "tool_result");
  const result = results.find((block) => block.tool_use_id === id);
  if (!result) return null;
  const text = textOf(result.content);
  if (result.is_error) return { ...nothing, error: WRAPPED.exec(text)?.[1] ?? text };
  // A line that answers several calls holds the structure of one of them only.
  const structured = results.length === 1 ? line.toolUseResult : null;
  return { ...nothing, response: structured ?? result.content ?? null, interrupted: structured?.interrupted === true };
}
