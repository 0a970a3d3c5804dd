// A report's sections, drawn from what they declare: counters, tables, findings; series are in series.js.
import { html, nothing } from "lit";
import { statusMark, statusShape } from "../ui/status.js";
import { series } from "./series.js";
import { isNumeric, written } from "./units.js";

/** Rows drawn of one table at most; more are no reading. */
const ROWS = 200;
const SHAPES = { info: "info", warning: "failed", critical: "error" };

/** @param {any} section @param {(selection: {type: string, key: string}) => void} select shows something in the inspector */
export function drawSection(section, select) {
  const draw = { counters, table, findings, series }[section.kind];
  const title = section.title ? html`<h4>${section.title}</h4>` : nothing;
  if (!draw) return html`<section>${title}<p class="quiet">A section of the kind “${section.kind}”, which this page does not know.</p></section>`;
  return html`<section>${title}${draw(section, select)}</section>`;
}

function counters({ counters: figures }) {
  return html`<dl class="counters">${figures.map(({ label, value, unit }) => html`<div><dt>${label}</dt>
    <dd>${unit === "status" && value ? statusMark(value) : written(value, unit)}</dd></div>`)}</dl>`;
}

function table({ columns, rows, title }, select) {
  if (!rows.length) return html`<p class="quiet">Nothing yet.</p>`;
  const shown = rows.slice(0, ROWS);
  return html`<div class="wide" role="region" tabindex="0" aria-label=${title || "Table"}><table>
    <thead><tr>${columns.map(({ title: head, field, unit }) => html`<th scope="col" class=${isNumeric(unit) ? "number" : ""}>${head || field}</th>`)}</tr></thead>
    <tbody>${shown.map((row) => html`<tr>${columns.map((column, index) => cell(row, column, index, select))}</tr>`)}</tbody>
  </table></div>${rows.length > ROWS ? html`<p class="quiet">${rows.length - ROWS} more rows are not shown.</p>` : nothing}`;
}

function cell(row, { field, unit }, index, select) {
  const value = row[field];
  const text = unit === "status" && value ? statusMark(value) : written(value, unit);
  const selection = index === 0 ? selectionOf(row) : null;
  return html`<td class=${isNumeric(unit) ? "number" : ""}>${selection ? html`<button class="link" @click=${() => select(selection)}>${text}</button>` : text}</td>`;
}

function findings({ findings: found }, select) {
  if (!found.length) return html`<p class="quiet">Nothing was found.</p>`;
  return html`<ul class="findings">${found.map((finding) => {
    const selection = selectionOf(finding);
    return html`<li data-severity=${finding.severity}>
      <span class="status">${statusShape(SHAPES[finding.severity])}<span class="word">${finding.severity}</span></span>
      <div>${selection ? html`<button class="link" @click=${() => select(selection)}>${finding.title}</button>` : html`<span class="title">${finding.title}</span>`}
      ${finding.detail ? html`<p>${finding.detail}</p>` : nothing}</div></li>`;
  })}</ul>`;
}

/** What a row or finding is about, as the inspector names it; null when it names nothing. */
export function selectionOf({ session_id: session, tool_use_id: call, seq }) {
  if (call && session) return { type: "tool_call", key: `${session}/${call}` };
  if (seq) return { type: "event", key: String(seq) };
  return session ? { type: "session", key: session } : null;
}
