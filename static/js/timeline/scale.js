// Time as pixels: ranges that zoom and pan, and where an axis has its marks. Times are µs since the epoch.
// @ts-check

/** @typedef {{from: number, to: number}} Range */

const MS = 1e3;
const S = 1e6;
const MIN = 60 * S;
const H = 60 * MIN;
const DAY = 24 * H;
/** No closer and no further than this. */
export const NARROWEST = 2 * MS;
export const WIDEST = 3660 * DAY;
const STEPS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500].map((step) => step * MS),
  ...[1, 2, 5, 10, 15, 30].map((step) => step * S),
  ...[1, 2, 5, 10, 15, 30].map((step) => step * MIN),
  ...[1, 2, 3, 6, 12].map((step) => step * H),
  ...[1, 2, 7, 14, 30, 90, 180, 365].map((step) => step * DAY),
];
/** Pixels between two marks, at least. */
const ROOM = 84;

/** The range after zooming: what is at `at` stays where it is. @param {Range} range @param {number} factor below 1 zooms in @param {number} at @returns {Range} */
export function zoomed({ from, to }, factor, at) {
  const width = Math.min(WIDEST, Math.max(NARROWEST, (to - from) * factor));
  const share = (at - from) / (to - from);
  const start = at - share * width;
  return { from: start, to: start + width };
}

/** @param {Range} range @param {number} by µs, forward when positive @returns {Range} */
export function panned({ from, to }, by) {
  return { from: from + by, to: to + by };
}

/** No further away than that something of `extent` stays in sight. @param {Range} range @param {Range} extent @returns {Range} */
export function kept(range, extent) {
  const width = range.to - range.from;
  const from = Math.min(Math.max(range.from, extent.from - width * 0.9), extent.to - width * 0.1);
  return { from, to: from + width };
}

/** All of it with some room on both sides. @param {Range} extent @returns {Range} */
export function fitted({ from, to }) {
  const room = Math.max(NARROWEST / 2, (to - from) * 0.02);
  return { from: from - room, to: to + room };
}

/**
 * Where the axis is marked, and how finely (µs).
 * @param {Range} range @param {number} width pixels @param {number} [offset] minutes that UTC is ahead of the reader's clock
 */
export function marks({ from, to }, width, offset = new Date(from / 1000).getTimezoneOffset()) {
  const wanted = ((to - from) / Math.max(1, width)) * ROOM;
  const step = STEPS.find((each) => each >= wanted) ?? /** @type {number} */ (STEPS.at(-1));
  const ahead = offset * MIN;
  const first = Math.ceil((from - ahead) / step) * step + ahead;
  const at = [];
  for (let time = first; time < to; time += step) at.push(time);
  return { step, at };
}

const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric" });
const minutes = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

/** A mark's text, as fine as the marks are. @param {number} at @param {number} step */
export function markText(at, step) {
  const date = new Date(at / 1000);
  if (step >= 30 * DAY) return year.format(date);
  if (step >= DAY || (date.getHours() === 0 && date.getMinutes() === 0 && step >= MIN)) return day.format(date);
  if (step >= MIN) return minutes.format(date);
  if (step >= S) return seconds.format(date);
  const fraction = Math.round(at % S);
  return step >= MS ? `${seconds.format(date)}.${String(Math.floor(fraction / MS)).padStart(3, "0")}` : `.${String(fraction).padStart(6, "0")}`;
}
