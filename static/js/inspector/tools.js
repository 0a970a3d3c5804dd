// Which form a tool call is shown in.
import { html, nothing } from "lit";
import { code, section } from "./blocks.js";
import { drawings } from "./drawings.js";
import { drawn } from "./drawn-body.js";
import { edit, multiEdit, notebookEdit, read, write } from "./tool-files.js";
import { bash, glob, grep, web } from "./tool-run.js";
import { agent, other, plan, questions, task, todos } from "./tool-work.js";

const FORMS = {
  Bash: bash, PowerShell: bash, Read: read, Write: write, Edit: edit, MultiEdit: multiEdit, NotebookEdit: notebookEdit,
  Grep: grep, Glob: glob, LS: glob, WebFetch: web, WebSearch: web, Agent: agent, Task: agent, TodoWrite: todos,
  TaskCreate: task, TaskUpdate: task, TaskList: task, TaskGet: task, AskUserQuestion: questions, ExitPlanMode: plan,
};

/** Bash tells its error within its output. */
const TELLS_ERRORS = new Set([bash]);

/** @param {NonNullable<ReturnType<import("../core/payload.js").toolCallOf>>} call */
export function toolView(call) {
  const form = formOf(call.name);
  const failed = call.error && !TELLS_ERRORS.has(form);
  return html`
    ${failed ? section("Error", html`<div class="stderr">${code(call.error)}</div>`) : nothing}
    ${call.interrupted ? html`<p class="note" data-status="interrupted">Interrupted before it finished.</p>` : nothing}
    ${form(call)}
  `;
}

/** A widget's drawing counts before the page's own form. @param {string} name */
function formOf(name) {
  const spec = drawings.find(name);
  if (spec) return (call) => drawn(spec, { type: "tool_call", call });
  return Object.hasOwn(FORMS, name) ? FORMS[name] : other;
}
