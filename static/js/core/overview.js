// What the overview says: words for what sessions need, and the days of the chart.
// @ts-check
import { dollars } from "./money.js";

/** What a state is called, which shape it has, and whether it calls for somebody. @type {Record<string, {word: string, shape: string, calls: boolean}>} */
export const STATES = {
  permission: { word: "waits for permission", shape: "waiting", calls: true },
  question: { word: "asks a question", shape: "asking", calls: true },
  failed: { word: "failed", shape: "failed", calls: true },
  stuck: { word: "stuck", shape: "stuck", calls: true },
  looping: { word: "repeats itself", shape: "looping", calls: true },
  alert: { word: "alert", shape: "failed", calls: true },
  idle: { word: "idle", shape: "idle", calls: false },
  background: { word: "in the background", shape: "background", calls: false },
  running: { word: "running", shape: "running", calls: false },
  finished: { word: "finished", shape: "ended", calls: false },
  recorded: { word: "recorded", shape: "recorded", calls: false },
};

/** @param {string} state */
export function stateOf(state) {
  return STATES[state] ?? STATES.alert;
}

/** Those that call for somebody, and the rest. @param {{state: string}[]} sessions */
export function parted(sessions) {
  return {
    calling: sessions.filter(({ state }) => stateOf(state).calls),
    others: sessions.filter(({ state }) => !stateOf(state).calls),
  };
}

/**
 * What to select for a session's need: the call it waits for, else the agent it is about, else itself.
 * @param {{session_id: string, agent_id: string, tool_use_id: string}} row
 * @returns {import("./route.js").Selection}
 */
export function placeOf({ session_id: session, agent_id: agent, tool_use_id: call }) {
  if (call) return { type: "tool_call", key: `${session}/${call}` };
  if (agent) return { type: "agent", key: `${session}/${agent}` };
  return { type: "session", key: session };
}

/** The local date of a moment as an ISO date. @param {Date} date */
export function isoDay(date) {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** The last `count` days up to today by the viewer's clock, oldest first. @param {number} now ms @param {number} [count] */
export function lastDays(now, count = 7) {
  const today = new Date(now);
  // Noon: a day on which clocks are changed is not 24 hours long.
  return Array.from({ length: count }, (_, index) => isoDay(new Date(today.getFullYear(), today.getMonth(), today.getDate() - count + 1 + index, 12)));
}

/**
 * Bars of the chart: one a day, days without calls too, each with its part (0 to 1) of the axis.
 * @param {{day: string, calls: number, unpriced: number, cost: {total: number}}[]} rows @param {string[]} days
 * @returns {{top: number, bars: {day: string, row: any, part: number}[]}} `top` is the axis' end in picodollars
 */
export function dayBars(rows, days) {
  const byDay = new Map(rows.map((row) => [row.day, row]));
  const top = roundUp(Math.max(0, ...days.map((day) => byDay.get(day)?.cost.total ?? 0)));
  const bars = days.map((day) => {
    const row = byDay.get(day) ?? null;
    return { day, row, part: top && row ? row.cost.total / top : 0 };
  });
  return { top, bars };
}

/** The next of 1, 2, 5, 10, 20 … at or above. @param {number} value */
export function roundUp(value) {
  if (value <= 0) return 0;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * unit).find((step) => step >= value) ?? value;
}

/** A value on the axis as exact dollars. @param {number} picodollars */
export function axisDollars(picodollars) {
  return dollars(Math.round(picodollars));
}
