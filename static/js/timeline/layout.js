// Where lanes and their rows are, what lies under a point, and which span comes next.
// @ts-check
import { END, ROW, START } from "./window.js";

/** @typedef {import("./window.js").Lane} Lane */
/** @typedef {import("./window.js").Span} Span */
/** @typedef {{lane: Lane, top: number, rowsTop: number, height: number}} Place */
/** @typedef {{place: Place, span: Span}} Spot */

export const ROW_HEIGHT = 18;
const GAP = 2;
const PADDING = 4;
const HEADING = 16;
/** Below this width (px) names stand above their lanes rather than beside them. */
export const NARROW = 640;
export const AXIS_HEIGHT = 26;

/** @param {number} width pixels */
export function gutter(width) {
  return width < NARROW ? 0 : Math.min(220, Math.round(width * 0.18));
}

/** @param {Lane[]} lanes @param {boolean} narrow @returns {{places: Place[], height: number}} */
export function placed(lanes, narrow) {
  let top = 0;
  const places = lanes.map((lane) => {
    const rowsTop = top + PADDING + (narrow ? HEADING : 0);
    const height = rowsTop - top + Math.max(1, lane.rows) * (ROW_HEIGHT + GAP) - GAP + PADDING;
    const place = { lane, top, rowsTop, height };
    top += height;
    return place;
  });
  return { places, height: top };
}

/** @param {Place} place @param {number} row */
export function rowTop(place, row) {
  return place.rowsTop + row * (ROW_HEIGHT + GAP);
}

/**
 * The span at a point, or the one nearest to it that is hardly wider than a pixel.
 * @param {Place[]} places @param {number} y @param {number} at µs @param {number} slack µs @param {number} now µs @returns {Spot|null}
 */
export function spotAt(places, y, at, slack, now) {
  const place = places.find(({ top, height }) => y >= top && y < top + height);
  if (!place) return null;
  const row = Math.floor((y - place.rowsTop) / (ROW_HEIGHT + GAP));
  let best = null;
  let distance = slack;
  for (const span of place.lane.spans) {
    if (span[ROW] !== row) continue;
    const off = Math.max(span[START] - at, at - (span[END] ?? Math.max(now, span[START])), 0);
    if (off <= distance) [best, distance] = [span, off];
  }
  return best && { place, span: best };
}

/** Everything in sight, lane by lane, in order of start. @param {Place[]} places @param {import("./scale.js").Range} range @param {number} now @returns {Spot[]} */
export function spotsIn(places, range, now) {
  return places.flatMap((place) => place.lane.spans
    .filter((span) => span[START] < range.to && (span[END] ?? Math.max(now, span[START])) >= range.from)
    .sort((a, b) => a[START] - b[START] || a[ROW] - b[ROW])
    .map((span) => ({ place, span })));
}

/**
 * Where an arrow key leads from a spot: along its lane, or to what lies nearest in time in the next row.
 * @param {Spot[]} spots in sight @param {number} index @param {string} key @returns {number}
 */
export function stepFrom(spots, index, key) {
  if (!spots.length) return -1;
  if (index < 0) return 0;
  if (key === "Home") return 0;
  if (key === "End") return spots.length - 1;
  const here = spots[index];
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const next = index + (key === "ArrowRight" ? 1 : -1);
    return spots[next]?.place === here.place ? next : index;
  }
  const down = key === "ArrowDown" ? 1 : -1;
  const level = (/** @type {Spot} */ { place, span }) => rowTop(place, span[ROW]);
  const levels = spots.map(level).filter((each) => (each - level(here)) * down > 0);
  if (!levels.length) return index;
  const target = down > 0 ? Math.min(...levels) : Math.max(...levels);
  let best = index;
  let distance = Infinity;
  spots.forEach((spot, number) => {
    const off = Math.abs(spot.span[START] - here.span[START]);
    if (level(spot) === target && off < distance) [best, distance] = [number, off];
  });
  return best;
}
