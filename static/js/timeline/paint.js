// Draws a timeline: axis, lanes with their spans, and what is selected. Everything it needs is handed to it.
import { paintCounters } from "./counters.js";
import { drawMark } from "./glyphs.js";
import { seriesOf } from "./kinds.js";
import { AXIS_HEIGHT, ROW_HEIGHT, rowTop } from "./layout.js";
import { paintName } from "./names.js";
import { marks, markText } from "./scale.js";
import { COUNT, CRITICAL, END, KEY, NAME, ROW, START, STATUS, TYPE } from "./window.js";

const LOUD = { error: "fillError", denied: "fillDenied", interrupted: "fillInterrupted" };
/** Room a letter takes on average (px): measuring each name would cost more than the drawing. */
const LETTER = 5.9;
/** Height of the strip that says how the worst of several ended (px). */
const WORST = 6;

/**
 * @typedef {{context: CanvasRenderingContext2D, width: number, height: number, left: number, theme: any, hatch: CanvasPattern, range: import("./scale.js").Range, now: number,
 *   places: import("./layout.js").Place[], scroll: number, lanesHeight: number, counters: any, countersHeight: number, critical: boolean, selected: string|null, cursor: any, hover: any}} Scene
 */

/** @param {Scene} scene */
export function paint(scene) {
  const { context, width, height, theme } = scene;
  context.fillStyle = theme.bg;
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
  const x = scaleOf(scene);
  const grid = marks(scene.range, width - scene.left);
  paintGrid(scene, x, grid);
  context.save();
  context.beginPath();
  context.rect(0, AXIS_HEIGHT, width, scene.lanesHeight);
  context.clip();
  context.translate(0, AXIS_HEIGHT - scene.scroll);
  for (const place of scene.places) {
    if (place.top + place.height >= scene.scroll && place.top <= scene.scroll + scene.lanesHeight) paintLane(scene, place, x);
  }
  context.restore();
  if (scene.counters) paintCounters(scene, x);
  paintAxis(scene, x, grid);
  paintNow(scene, x);
}

/** @param {Scene} scene @returns {(at: number) => number} time to pixels */
export function scaleOf({ range, left, width }) {
  const perMicro = (width - left) / (range.to - range.from);
  return (at) => left + (at - range.from) * perMicro;
}

function paintGrid({ context, height, theme, left }, x, { at }) {
  context.fillStyle = theme.line;
  for (const time of at) if (x(time) >= left) context.fillRect(Math.round(x(time)), AXIS_HEIGHT, 1, height - AXIS_HEIGHT);
}

function paintAxis({ context, width, theme, left, range }, x, { at, step }) {
  context.fillStyle = theme.raised;
  context.fillRect(0, 0, width, AXIS_HEIGHT);
  context.fillStyle = theme.line;
  context.fillRect(0, AXIS_HEIGHT - 1, width, 1);
  context.font = theme.font;
  context.textAlign = "left";
  for (const time of at) {
    const place = Math.round(x(time));
    if (place < left || place > width - 30) continue;
    context.fillStyle = theme.strong;
    context.fillRect(place, AXIS_HEIGHT - 7, 1, 7);
    context.fillStyle = theme.text2;
    context.fillText(markText(time, step), place + 4, AXIS_HEIGHT / 2);
  }
}

function paintNow({ context, height, width, theme, left, now, live, range }, x) {
  if (!live || now < range.from || now > range.to) return;
  const place = Math.round(x(now));
  if (place < left || place > width) return;
  context.fillStyle = theme.accent;
  context.fillRect(place, 0, 1, height);
  context.beginPath();
  context.moveTo(place - 4, 0);
  context.lineTo(place + 5, 0);
  context.lineTo(place + 0.5, 7);
  context.fill();
}

function paintLane(scene, place, x) {
  const { context, width, left, theme } = scene;
  const { lane } = place;
  context.fillStyle = theme.line;
  context.fillRect(0, Math.round(place.top + place.height) - 1, width, 1);
  context.save();
  context.beginPath();
  context.rect(left, place.top, width - left, place.height);
  context.clip();
  for (const span of lane.spans) paintSpan(scene, place, span, x);
  for (const wait of lane.waits) paintWait(scene, place, wait, x);
  context.restore();
  paintName(scene, place);
  for (const [spot, colour, line] of [[scene.hover, theme.text2, 1], [scene.cursor, theme.focus, 2]]) {
    if (spot?.place.lane.session_id === lane.session_id && spot.place.lane.agent_id === lane.agent_id && spot.place.lane.title === lane.title) outline(scene, place, spot.span, x, colour, line);
  }
}

/** Where a span begins and how wide it is: never less than can be seen. */
function box({ width, left, now }, span, x) {
  const start = Math.max(left - 4, x(span[START]));
  const end = Math.min(width + 4, x(span[END] ?? Math.max(now, span[START])));
  return [start, Math.max(2, end - start)];
}

function paintSpan(scene, place, span, x) {
  const [start, size] = box(scene, span, x);
  if (start > scene.width || start + size < scene.left) return;
  const { context, theme } = scene;
  const top = rowTop(place, span[ROW]);
  const { fill, edge, ink } = looks(theme, span);
  context.fillStyle = fill;
  context.fillRect(start, top, size, ROW_HEIGHT);
  if (size > 3) {
    context.fillStyle = edge;
    context.fillRect(start, top, Math.min(2, size), ROW_HEIGHT);
  }
  if (span[COUNT] > 1 && LOUD[span[STATUS]]) {
    // One of them went wrong, not all.
    context.fillStyle = theme[LOUD[span[STATUS]]];
    context.fillRect(start, top, size, WORST);
  }
  if (span[STATUS] === "unknown" && size > 6) dashed(context, edge, start, top, size);
  if (span[END] === null) paintGoingOn(context, theme, start + size, top);
  if (scene.critical && span[CRITICAL]) {
    context.fillStyle = theme.text;
    context.fillRect(start, top + ROW_HEIGHT - 2, size, 2);
  }
  if (size >= 12) paintLabel(context, theme, span, start, top, size, ink);
  if (scene.selected === `${span[TYPE]}:${span[KEY]}` && span[COUNT] === 1) outline(scene, place, span, x, theme.accent, 2);
}

function looks(theme, span) {
  const loud = LOUD[span[STATUS]];
  if (loud && span[COUNT] === 1) return { fill: theme[loud], edge: theme[loud], ink: theme.onFill };
  if (span[TYPE] === "turn") return { fill: theme.turn, edge: theme.text3, ink: theme.text };
  const series = span[TYPE] === "agent" ? 7 : seriesOf(span[NAME]);
  return { fill: theme.tints[series - 1], edge: theme.series[series - 1], ink: theme.text };
}

function dashed(context, colour, x, y, width) {
  context.save();
  context.setLineDash([3, 2]);
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, ROW_HEIGHT - 1);
  context.restore();
}

/** What runs ends in a point: it goes on. */
function paintGoingOn(context, theme, x, y) {
  context.fillStyle = theme.running;
  context.beginPath();
  context.moveTo(x - 2, y);
  context.lineTo(x + 4, y + ROW_HEIGHT / 2);
  context.lineTo(x - 2, y + ROW_HEIGHT);
  context.fill();
}

function paintLabel(context, theme, span, start, top, size, ink) {
  let left = Math.max(start, 0) + 5;
  const right = start + size - 3;
  if (right - left >= 11 && drawMark(context, span[STATUS], left, top + 3, 12, ink)) left += 15;
  const text = labelOf(span);
  const letters = Math.floor((right - left) / LETTER);
  if (letters < 2) return;
  context.font = theme.font;
  context.textAlign = "left";
  context.fillStyle = ink;
  context.fillText(text.length > letters ? `${text.slice(0, letters - 1)}…` : text, left, top + ROW_HEIGHT / 2 + 0.5);
}

/** @param {import("./window.js").Span} span */
export function labelOf(span) {
  if (span[COUNT] > 1) return span[NAME] ? `${span[COUNT]} × ${span[NAME]}` : `${span[COUNT]} spans`;
  return span[NAME].replace(/^mcp__/, "").replace(/\s+/g, " ") || (span[TYPE] === "turn" ? "turn" : "span");
}

function paintWait(scene, place, [since, until, row, , estimated], x) {
  const start = Math.max(scene.left - 4, x(since));
  const size = Math.min(scene.width + 4, x(until ?? Math.max(scene.now, since))) - start;
  if (size < 1) return;
  const { context, theme, hatch } = scene;
  const top = rowTop(place, row);
  context.fillStyle = hatch;
  context.fillRect(start, top, size, ROW_HEIGHT);
  if (estimated && size > 6) dashed(context, theme.waiting, start, top, size);
  if (size > 60) {
    context.fillStyle = theme.waits;
    context.fillRect(start + 4, top + 3, 42, ROW_HEIGHT - 6);
    context.font = theme.font;
    context.fillStyle = theme.text;
    context.fillText("waiting", Math.max(start, scene.left) + 6, top + ROW_HEIGHT / 2 + 0.5);
  }
}

function outline(scene, place, span, x, colour, line) {
  const [start, size] = box(scene, span, x);
  scene.context.strokeStyle = colour;
  scene.context.lineWidth = line;
  scene.context.strokeRect(start - 1, rowTop(place, span[ROW]) - 1, size + 2, ROW_HEIGHT + 2);
}
