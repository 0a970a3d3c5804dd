// Transcript lines: messages block by block, everything else by its fields.
import { html, nothing } from "lit";
import { count } from "../core/format.js";
import { blocksOf, isRecord, textOf } from "../core/payload.js";
import { code, facts, fields, output, prose, section } from "./blocks.js";
import { toolView } from "./tools.js";

const ENVELOPE = new Set([
  "uuid", "parentUuid", "sessionId", "session_id", "timestamp", "version", "cwd", "gitBranch", "userType", "entrypoint", "isSidechain", "type", "message", "requestId", "agentId",
]);

/** @param {any} line */
export function transcriptView(line) {
  if (!isRecord(line)) return code(String(line));
  const blocks = blocksOf(line.message);
  if (blocks.length === 0) return fields(line, ENVELOPE);
  return html`${blocks.map((block) => blockView(block, line))}${usage(line.message)}`;
}

function blockView(block, line) {
  if (block?.type === "text") return section(line.type === "user" ? "Prompt" : "Answer", prose(block.text));
  if (block?.type === "thinking") return section("Thinking", prose(block.thinking || "(not recorded)"));
  if (block?.type === "tool_use") return html`<h2 class="call">${block.name}</h2>${toolView(call(block))}`;
  if (block?.type === "tool_result") return result(block, line.toolUseResult);
  return section(String(block?.type ?? "Block"), isRecord(block) ? fields(block, new Set(["type"])) : code(String(block)));
}

function call({ name, input }) {
  return { name: String(name), input: isRecord(input) ? input : {}, response: null, error: "", interrupted: false, durationMs: null };
}

function result(block, structured) {
  const text = textOf(block.content) || textOf(structured);
  return text ? output(block.is_error ? "Error" : "Result", text, block.is_error ? "stderr" : "") : section("Result", html`<p class="quiet">Empty.</p>`);
}

function usage(message) {
  const used = message?.usage;
  if (!isRecord(used)) return nothing;
  return section("Model", facts([
    ["Model", message.model],
    ["Stopped", message.stop_reason],
    ["Input tokens", number(used.input_tokens)],
    ["Output tokens", number(used.output_tokens)],
    ["From cache", number(used.cache_read_input_tokens)],
    ["Into cache", number(used.cache_creation_input_tokens)],
  ]));
}

function number(value) {
  return typeof value === "number" ? count(value) : "";
}
