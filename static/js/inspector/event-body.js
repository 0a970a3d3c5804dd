// The readable form of one event, by its kind.
import { html, nothing } from "lit";
import { ENVELOPE, hookOf, isRecord, textOf, toolCallOf } from "../core/payload.js";
import { code, facts, fields, list, prose, section } from "./blocks.js";
import { drawings } from "./drawings.js";
import { drawn } from "./drawn-body.js";
import { toolView } from "./tools.js";
import { transcriptView } from "./transcript.js";

const FORMS = {
  UserPromptSubmit: (hook) => section("Prompt", prose(hook.prompt ?? "")),
  UserPromptExpansion: (hook) => html`${facts([["Command", `/${hook.command_name ?? ""}`], ["From", hook.command_source]])}${section("Prompt", prose(hook.prompt ?? ""))}`,
  MessageDisplay: (hook) => section("Answer", prose(hook.delta ?? "")),
  Stop: stopped,
  SubagentStop: stopped,
  StopFailure: (hook) => html`${facts([["Error", hook.error]])}${stopped(hook)}${hook.error_details ? section("Details", code(hook.error_details)) : nothing}`,
  Notification: (hook) => html`${section("Message", prose(hook.message ?? ""))}${facts([["Type", hook.notification_type]])}`,
  PreCompact: (hook) => html`${facts([["Trigger", hook.trigger]])}${hook.custom_instructions ? section("Instructions", prose(hook.custom_instructions)) : nothing}`,
  PostCompact: (hook) => html`${facts([["Trigger", hook.trigger]])}${section("Summary", prose(hook.compact_summary ?? ""))}`,
  PostToolBatch: batch,
};

/** @param {any} event a head with its payload */
export function eventBody(event) {
  const spec = drawings.find(event.kind);
  if (spec) return html`${drawn(spec, { type: "event", event })}${context(hookOf(event.payload))}`;
  if (event.kind.startsWith("transcript.")) return transcriptView(event.payload);
  const hook = hookOf(event.payload);
  const form = Object.hasOwn(FORMS, event.kind) ? FORMS[event.kind] : null;
  const call = form ? null : toolCallOf(event.kind, hook);
  return html`
    ${form ? form(hook) : call ? toolEvent(event.kind, hook, call) : fields(hook, ENVELOPE)}
    ${context(hook)}
  `;
}

function toolEvent(kind, hook, call) {
  return html`
    ${kind === "PermissionDenied" ? html`<p class="note" data-status="denied">Denied${call.error ? `: ${call.error}` : ""}</p>` : nothing}
    ${kind === "PermissionRequest" ? html`<p class="note" data-status="waiting">Asks for permission</p>` : nothing}
    ${isBare(call) ? fields(hook, ENVELOPE) : toolView(kind === "PermissionDenied" ? { ...call, error: "" } : call)}
    ${hook.permission_suggestions ? section("Offered", list(asArray(hook.permission_suggestions).map(suggestion))) : nothing}
  `;
}

/** Some of the host's own reports name a tool and tell neither what it was given nor what it answered. */
function isBare({ input, response, error }) {
  return Object.keys(input).length === 0 && response === null && !error;
}

function stopped(hook) {
  const tasks = asArray(hook.background_tasks);
  return html`
    ${hook.last_assistant_message ? section("Last answer", prose(hook.last_assistant_message)) : nothing}
    ${tasks.length ? section("Still in the background", list(tasks.map((task) => `${task?.type ?? "task"}: ${task?.description ?? task?.command ?? task?.id ?? ""} (${task?.status ?? "unknown"})`))) : nothing}
  `;
}

function batch(hook) {
  const calls = asArray(hook.tool_calls);
  return html`<p class="quiet">What Claude is given back from ${calls.length === 1 ? "one tool call" : `${calls.length} tool calls made together`}:</p>
    ${calls.map((call) => section(`${call?.tool_name ?? "Tool"}`, code(textOf(call?.tool_response) || JSON.stringify(call?.tool_response ?? null, null, 2))))}`;
}

/** "add directories /a, /b, for this session" */
function suggestion(one) {
  if (typeof one?.type !== "string") return one;
  const words = one.type.replace(/([A-Z])/g, " $1").toLowerCase();
  const what = one.mode ?? asArray(one.directories ?? one.rules).map((item) => item?.ruleContent ?? item?.toolName ?? item).join(", ");
  return `${words} ${what}${one.destination ? `, for this ${one.destination}` : ""}`;
}

function asArray(value) {
  return Array.isArray(value) ? value : [];
}

function context(hook) {
  const effort = isRecord(hook.effort) ? hook.effort.level : hook.effort;
  const pairs = facts([
    ["Directory", hook.cwd], ["Permissions", hook.permission_mode], ["Effort", effort], ["Agent type", hook.agent_type],
    ["Prompt id", hook.prompt_id], ["Tool call id", hook.tool_use_id], ["Transcript", hook.transcript_path],
  ]);
  return pairs === nothing ? nothing : html`<details class="context"><summary>Context</summary>${pairs}</details>`;
}
