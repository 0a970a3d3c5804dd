// Bash, Grep, Glob, web tools: what was asked, and what came back.
import { html, nothing } from "lit";
import { isRecord, textOf } from "../core/payload.js";
import { code, facts, list, output, prose, section } from "./blocks.js";

export function bash({ input, response, error }) {
  const { exit, text } = exitOf(error);
  const record = isRecord(response) ? response : null;
  return html`
    ${input.description ? html`<p class="target">${input.description}</p>` : nothing}
    ${section("Command", html`<div class="command">${code(input.command ?? "")}</div>`, input.run_in_background ? "in the background" : nothing)}
    ${facts([
      ["Exit code", exit ?? (response && !record?.interrupted && !record?.backgroundTaskId ? "0" : "")],
      ["Meaning", record?.returnCodeInterpretation],
      ["Background task", record?.backgroundTaskId],
    ])}
    ${output("Output", record ? record.stdout : textOf(response))}
    ${output("Error output", record?.stderr, "stderr")}
    ${output("Output and errors", text, "stderr")}
    ${response && !record?.stdout && !record?.stderr && !textOf(response) ? html`<p class="quiet">No output.</p>` : nothing}
  `;
}

/** A failed command's error text begins with its exit code. */
function exitOf(error) {
  const match = /^Exit code (-?\d+)\n?/.exec(error ?? "");
  return match ? { exit: match[1], text: error.slice(match[0].length) } : { exit: null, text: error };
}

export function grep({ input, response }) {
  const record = isRecord(response) ? response : {};
  return html`
    ${facts([["Pattern", html`<code>${input.pattern}</code>`], ["In", input.path], ["Files", input.glob ?? input.type], ["Mode", record.mode ?? input.output_mode]])}
    ${response ? section("Found", record.content ? code(record.content) : names(record, response), tallyOf(record)) : nothing}
  `;
}

export function glob({ input, response }) {
  return html`
    ${facts([["Pattern", html`<code>${input.pattern ?? ""}</code>`], ["In", input.path]])}
    ${response ? section("Found", names(isRecord(response) ? response : {}, response), tallyOf(response)) : nothing}
  `;
}

function names(record, response) {
  if (!Array.isArray(record.filenames)) return code(textOf(response));
  return record.filenames.length ? code(record.filenames.join("\n")) : html`<p class="quiet">Nothing.</p>`;
}

function tallyOf(record) {
  if (record?.mode === "content" && typeof record.numLines === "number") return `${record.numLines} ${record.numLines === 1 ? "line" : "lines"}`;
  if (typeof record?.numFiles !== "number") return nothing;
  return `${record.numFiles} ${record.numFiles === 1 ? "file" : "files"}${record.truncated ? ", cut short" : ""}`;
}

export function web({ input, response }) {
  const found = Array.isArray(response?.results) ? response.results.flatMap((result) => result?.content ?? []).filter((hit) => hit?.url) : [];
  return html`
    ${facts([["Address", input.url], ["Search", input.query], ["Answered", response?.code]])}
    ${input.prompt ? section("Question", prose(input.prompt)) : nothing}
    ${found.length ? section("Found", list(found.map((hit) => `${hit.title ?? ""} ${hit.url}`))) : nothing}
    ${response && !found.length ? section("Answer", prose(textOf(response))) : nothing}
  `;
}
