// The few forms everything in the inspector is made of. Text only ever goes through bindings, so it stays text.
import { html, nothing } from "lit";
import { isRecord } from "../core/payload.js";
import "./long-text.js";
import "./rich-text.js";

/** @param {string} title @param {unknown} content @param {unknown} [aside] shown at the title's right */
export function section(title, content, aside = nothing) {
  return html`<section class="block"><h3>${title}<span class="aside">${aside}</span></h3>${content}</section>`;
}

/** Prose, readable: its paragraphs, lists and code as they are meant. @param {string} text */
export function prose(text) {
  return html`<monitor-rich-text .text=${String(text ?? "")}></monitor-rich-text>`;
}

/** Program text or output. @param {string} text @param {number|null} [start] number of the first line, for a gutter */
export function code(text, start = null) {
  return html`<monitor-long-text .text=${String(text ?? "")} .start=${start}></monitor-long-text>`;
}

/** A section of output, left out when there is none. @param {string} title @param {unknown} text */
export function output(title, text, name = "") {
  return text ? section(title, html`<div class=${name}>${code(String(text))}</div>`) : nothing;
}

/** Name and value pairs; what is empty is left out. @param {[string, unknown][]} pairs */
export function facts(pairs) {
  const used = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== nothing);
  if (used.length === 0) return nothing;
  return html`<dl class="facts">${used.map(([name, value]) => html`<div><dt>${name}</dt><dd>${shown(value)}</dd></div>`)}</dl>`;
}

/** An object's fields as facts, long texts as blocks of their own. @param {Record<string, any>} record @param {Set<string>} [leaveOut] */
export function fields(record, leaveOut = new Set()) {
  const entries = Object.entries(record).filter(([name]) => !leaveOut.has(name));
  const isLong = ([, value]) => typeof value === "string" && (value.length > 160 || value.includes("\n"));
  return html`${facts(entries.filter((entry) => !isLong(entry)))}${entries.filter(isLong).map(([name, value]) => section(name, code(value)))}`;
}

/** A list of short texts. @param {unknown[]} items */
export function list(items) {
  return items.length ? html`<ul class="plain">${items.map((item) => html`<li>${shown(item)}</li>`)}</ul>` : html`<p class="quiet">none</p>`;
}

function shown(value) {
  if (isTemplate(value)) return value;
  if (typeof value === "object" && value !== null) return html`<code>${JSON.stringify(value)}</code>`;
  return String(value);
}

/** Only our own templates carry an array with `raw`, which JSON cannot express. @param {any} value */
function isTemplate(value) {
  return isRecord(value) && Array.isArray(value.strings) && Array.isArray(value.strings.raw);
}
