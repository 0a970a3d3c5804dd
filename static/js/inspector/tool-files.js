// Read, Write, Edit, MultiEdit and NotebookEdit: content excerpts and differences.
import { html, nothing } from "lit";
import { isRecord, textOf } from "../core/payload.js";
import { code, facts, section } from "./blocks.js";
import { diffSection, patchSection } from "./diff-view.js";

export function read({ input, response }) {
  const file = isRecord(response?.file) ? response.file : null;
  const range = input.offset || input.limit ? `from line ${input.offset ?? 1}${input.limit ? `, ${input.limit} lines` : ""}` : "";
  return html`${path(input, range)}${readContent(response, file)}`;
}

function readContent(response, file) {
  if (!response) return nothing;
  if (typeof file?.content === "string") {
    const part = file.totalLines && file.numLines < file.totalLines ? `${file.numLines} of ${file.totalLines} lines` : `${file.numLines ?? "all"} lines`;
    return section("Content", code(file.content, file.startLine ?? 1), part);
  }
  if (response.type === "image" || response.type === "pdf") return section("Content", html`<p class="quiet">${response.type}, not shown</p>`);
  return section("Content", code(textOf(response)));
}

export function write({ input, response }) {
  const before = typeof response?.originalFile === "string" ? response.originalFile : null;
  const content = String(input.content ?? response?.content ?? "");
  return html`${path(input, response?.type === "create" ? "new file" : "")}
    ${before === null ? section("Content", code(content, 1)) : diffSection("Change", before, content)}`;
}

export function edit({ input, response }) {
  const patch = response?.structuredPatch;
  return html`${path(input, input.replace_all ? "every occurrence" : "")}
    ${Array.isArray(patch) && patch.length
      ? patchSection("Change", patch)
      : diffSection("Change", String(input.old_string ?? ""), String(input.new_string ?? ""))}`;
}

export function multiEdit({ input, response }) {
  const edits = Array.isArray(input.edits) ? input.edits : [];
  if (Array.isArray(response?.structuredPatch) && response.structuredPatch.length) return edit({ input, response });
  return html`${path(input, `${edits.length} edits`)}
    ${edits.map((one, index) => diffSection(`Edit ${index + 1}`, String(one?.old_string ?? ""), String(one?.new_string ?? "")))}`;
}

export function notebookEdit({ input }) {
  return html`${path({ file_path: input.notebook_path ?? input.file_path }, input.edit_mode ?? "")}
    ${facts([["Cell", input.cell_id]])}${section("Source", code(input.new_source ?? "", 1))}`;
}

function path(input, note) {
  return html`<p class="target"><code>${input.file_path ?? input.path ?? ""}</code>${note ? html` <span class="quiet">${note}</span>` : nothing}</p>`;
}
