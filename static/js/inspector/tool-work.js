// Agents, task lists, skills, questions and MCP tools.
import { html, nothing } from "lit";
import { duration } from "../core/format.js";
import { isRecord, textOf } from "../core/payload.js";
import { statusShape } from "../ui/status.js";
import { code, facts, fields, output, prose, section } from "./blocks.js";

const TASK_SHAPES = { completed: "ok", in_progress: "running", pending: "idle", deleted: "ended" };
const TASK_WORDS = { completed: "done", in_progress: "in progress", pending: "to do", deleted: "deleted" };

export function agent({ input, response }) {
  const record = isRecord(response) ? response : {};
  const answer = response && record.status !== "async_launched" ? textOf(record.content ?? response) : "";
  return html`
    ${facts([
      ["Task", input.description],
      ["Agent", input.subagent_type ?? record.agentType ?? record.agent_type],
      ["Model", record.resolvedModel ?? input.model],
      ["Runs", input.run_in_background || record.isAsync ? "in the background" : ""],
      ["Time", typeof record.totalDurationMs === "number" ? duration(record.totalDurationMs * 1000) : ""],
      ["Tool calls", record.totalToolUseCount],
      ["Tokens", record.totalTokens],
    ])}
    ${section("Prompt", prose(input.prompt ?? ""))}
    ${answer ? section("Answer", prose(answer)) : nothing}
  `;
}

export function todos({ input, response }) {
  const items = input.todos ?? response?.newTodos ?? response?.tasks ?? [];
  return section("List", taskList(Array.isArray(items) ? items : []));
}

export function task({ input, response }) {
  const change = response?.statusChange;
  const made = response?.task ?? {};
  return html`
    ${facts([["Task", input.taskId ?? made.id ?? response?.taskId], ["Subject", input.subject ?? made.subject], ["Status", change ? `${change.from} → ${change.to}` : input.status]])}
    ${input.description ? section("Description", prose(input.description)) : nothing}
    ${Array.isArray(response?.tasks) ? section("List", taskList(response.tasks)) : nothing}
  `;
}

function taskList(items) {
  return html`<ul class="tasks">${items.map((item) => {
    const status = item?.status ?? "pending";
    return html`<li data-status=${status}>${statusShape(TASK_SHAPES[status] ?? "unknown")}<span>${item?.content ?? item?.subject ?? ""}</span><span class="quiet">${TASK_WORDS[status] ?? status}</span></li>`;
  })}</ul>`;
}

export function questions({ input, response }) {
  const answers = response?.answers ?? input.answers ?? {};
  return html`${(Array.isArray(input.questions) ? input.questions : []).map((one) => section(
    one?.question ?? "Question",
    html`<p>${answers[one?.question] ?? html`<span class="quiet">not answered yet</span>`}</p>
      ${facts((one?.options ?? []).map((option) => [option?.label ?? "", option?.description ?? ""]))}`,
  ))}`;
}

export function plan({ input }) {
  return section("Plan", prose(input.plan ?? ""));
}

/** Any tool without a form of its own, MCP tools among them. */
export function other({ name, input, response }) {
  const [, server, tool] = /^mcp__(.+?)__(.+)$/.exec(name) ?? [];
  const text = textOf(response);
  return html`
    ${server ? facts([["MCP server", server], ["Tool", tool]]) : nothing}
    ${Object.keys(input).length ? section("Input", fields(input)) : nothing}
    ${text ? output("Result", text) : response ? section("Result", isRecord(response) ? fields(response) : code(JSON.stringify(response, null, 2))) : nothing}
  `;
}
