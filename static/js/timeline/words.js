// Spans in words: for the hint at the pointer and for who reads the timeline by ear.
// @ts-check
import { duration, time } from "../core/format.js";
import { statusWord } from "../ui/status.js";
import { labelOf } from "./paint.js";
import { COUNT, END, START, STATUS } from "./window.js";

/** @typedef {import("./layout.js").Spot} Spot */

/** How long it took, or has taken so far (µs). @param {import("./window.js").Span} span @param {number} now */
export function lengthOf(span, now) {
  return Math.max(0, (span[END] ?? now) - span[START]);
}

/** One line. @param {Spot} spot @param {number} now µs */
export function sentence({ place: { lane }, span }, now) {
  const status = span[COUNT] > 1 ? `worst ${statusWord(span[STATUS])}` : statusWord(span[STATUS]);
  return `${labelOf(span)}, ${status}, ${duration(lengthOf(span, now))}, at ${time(span[START])}, ${lane.title}`;
}
