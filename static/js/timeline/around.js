// What is around the canvas of a timeline: its controls and legend, the hint at the pointer, and what is said when there is nothing to show.
import { html, nothing } from "lit";
import { dateTime, duration, time } from "../core/format.js";
import { statusMark } from "../ui/status.js";
import { TOOL_KINDS } from "./kinds.js";
import { labelOf } from "./paint.js";
import { COUNT, KEY, NAME, START, STATUS, TYPE } from "./window.js";
import { lengthOf } from "./words.js";

/** @param {import("./view.js").TimelineView} view @param {boolean} critical @param {any} does */
export function toolbar({ range, following, extent, whole }, critical, does) {
  return html`<div class="toolbar">
    <div class="group" role="group" aria-label="Zoom">
      <button class="button" aria-pressed=${String(whole)} @click=${does.fit}>Fit</button>
      <button class="button square" aria-label="Zoom out" @click=${() => does.zoom(2)}>−</button>
      <button class="button square" aria-label="Zoom in" @click=${() => does.zoom(0.5)}>+</button>
    </div>
    ${extent?.live ? html`<button class="button" aria-pressed=${String(following)} @click=${does.follow}>Follow</button>` : nothing}
    <button class="button" aria-pressed=${String(critical)} @click=${does.path}>Critical path</button>
    ${range && extent ? html`<span class="range" title=${`${dateTime(range.from)} – ${dateTime(range.to)}`}>${duration(range.to - range.from)} in sight</span>` : nothing}
    <ul class="legend" aria-label="Colours">
      ${TOOL_KINDS.map(({ name, series }) => html`<li class="kind"><i class="swatch" .style=${`--key: var(--series-${series})`}></i>${name}</li>`)}
      <li><i class="swatch waiting"></i>waiting for a person</li>
      ${critical ? html`<li><i class="swatch path"></i>critical path</li>` : nothing}
    </ul>
  </div>`;
}

/** @param {any} hover the span pointed at and where, or null @param {{width: number, height: number}} screen @param {import("../core/store.js").Store} store @param {number} now µs */
export function hint(hover, screen, store, now) {
  if (!hover) return nothing;
  const { span, x, y } = hover;
  const several = span[COUNT] > 1;
  const known = several ? null : store.lookup(span[TYPE], span[KEY]);
  const more = known && (known.detail || known.description || known.prompt);
  const beside = x > screen.width / 2 ? `right: ${screen.width - x + 14}px` : `left: ${x + 14}px`;
  const above = y > screen.height / 2 ? `bottom: ${screen.height - y + 10}px` : `top: ${y + 14}px`;
  return html`<div class="hint" .style=${`${beside}; ${above}`}>
    <b>${several ? labelOf(span) : span[NAME].slice(0, 120) || span[TYPE]}</b>
    <p>${statusMark(span[STATUS])}${several ? " at worst" : ""} · ${duration(lengthOf(span, now))} · ${time(span[START])}</p>
    ${known?.waited_us ? html`<p>waited ${duration(known.waited_us)} for a person</p>` : nothing}
    ${more && more !== span[NAME] ? html`<p class="mono">${more.slice(0, 300)}</p>` : nothing}
    ${known?.error ? html`<p>${known.error.slice(0, 200)}</p>` : nothing}
    ${several ? html`<p>Click to zoom in</p>` : nothing}
  </div>`;
}

/** @param {import("./window.js").Answer|null} answer @param {Error|null} error */
export function message(answer, error) {
  if (error) return html`<div class="message" role="alert"><h2>The timeline could not be read</h2><p>${error.message}</p></div>`;
  if (!answer) return html`<div class="message"><p>Loading…</p></div>`;
  if (answer.extent && answer.lanes.length) return nothing;
  if (answer.extent) return html`<div class="message"><p>Nothing happened in this stretch of time. <kbd>f</kbd> shows all of it.</p></div>`;
  return html`<div class="message"><h2>Nothing has happened yet</h2><p>Turns, agents and tool calls appear here as they begin.</p></div>`;
}
