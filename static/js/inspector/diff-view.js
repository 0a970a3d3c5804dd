// A line difference, unchanged stretches folded.
import { html, nothing } from "lit";
import { diffLines, foldUnchanged, tally } from "../core/diff.js";
import { section } from "./blocks.js";

/** More lines than this are cut; the JSON view has them all. */
const MOST_LINES = 600;

/** @param {string} title @param {string} before @param {string} after @param {number} [firstLine] */
export function diffSection(title, before, after, firstLine = 1) {
  return diffBlock(title, diffLines(before, after, firstLine));
}

/** A difference Claude Code computed itself, with true line numbers. @param {any[]} hunks its `structuredPatch` */
export function patchSection(title, hunks) {
  const lines = hunks.flatMap((hunk, index) => [...(index ? [{ skipped: gap(hunks[index - 1], hunk) }] : []), ...hunkLines(hunk)]);
  return diffBlock(title, lines);
}

function diffBlock(title, lines) {
  const { added, removed } = tally(lines);
  const rows = foldUnchanged(lines);
  const aside = html`<span class="added">+${added}</span> <span class="removed">−${removed}</span>`;
  return section(title, html`<div class="diff" role="group" aria-label="${added} lines added, ${removed} removed">
    ${rows.slice(0, MOST_LINES).map(row)}
    ${rows.length > MOST_LINES ? html`<p class="rest">${rows.length - MOST_LINES} more lines in the JSON view</p>` : nothing}
  </div>`, aside);
}

function row(line) {
  if ("skipped" in line) return html`<div class="skipped">${line.skipped} unchanged ${line.skipped === 1 ? "line" : "lines"}</div>`;
  return html`<div class="line" data-op=${line.op}><span class="no">${line.before}</span><span class="no">${line.after}</span><span class="op">${line.op}</span><span class="text">${line.text}</span></div>`;
}

function gap(previous, next) {
  return Math.max(1, next.oldStart - previous.oldStart - previous.oldLines);
}

function hunkLines(hunk) {
  let before = hunk.oldStart;
  let after = hunk.newStart;
  return (hunk.lines ?? []).map((line) => {
    const op = line[0] === "+" || line[0] === "-" ? line[0] : " ";
    return { op, text: line.slice(1), before: op === "+" ? null : before++, after: op === "-" ? null : after++ };
  });
}
