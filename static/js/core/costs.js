// What costs are broken down by, how rows are named, ordered and found again.
// @ts-check
import { baseName, shortId } from "./format.js";
import { allTokens, cacheWrites, dollars, usd } from "./money.js";

/** The clock by which days go: the reader's. */
export const CLOCK = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";

/** @typedef {{id: string, label: string, noun: string, fields: string[]}} Breakdown */

/** @type {Record<string, Breakdown>} */
export const BREAKDOWNS = {
  model: { id: "model", label: "Model", noun: "model", fields: ["model"] },
  agent: { id: "agent", label: "Agent", noun: "agent", fields: ["session_id", "agent_id"] },
  agent_type: { id: "agent_type", label: "Agent", noun: "agents of one type", fields: ["agent_type"] },
  turn: { id: "turn", label: "Turn", noun: "turn", fields: ["session_id", "prompt_id"] },
  day: { id: "day", label: "Day", noun: "day", fields: ["day"] },
  tool: { id: "tool", label: "Tool", noun: "tool, an estimate", fields: ["tool_name"] },
  project: { id: "project", label: "Project", noun: "project", fields: ["project"] },
  session: { id: "session", label: "Session", noun: "session", fields: ["session_id"] },
};

/** What makes sense within one session, and over all. @param {string} session "" for all @returns {Breakdown[]} */
export function breakdownsOf(session) {
  const names = session ? ["model", "agent", "turn", "tool", "day"] : ["model", "agent_type", "tool", "day", "project", "session"];
  return names.map((name) => BREAKDOWNS[name]);
}

/** @type {{id: string, label: string, numeric?: boolean, value: (row: any) => string|number}[]} */
export const COLUMNS = [
  { id: "name", label: "", value: (row) => row.day ?? rowName(row).name.toLowerCase() },
  { id: "cost", label: "Cost", numeric: true, value: (row) => (row.unpriced === row.calls ? -1 : row.cost.total) },
  { id: "calls", label: "Calls", numeric: true, value: (row) => row.calls },
  { id: "in", label: "Input", numeric: true, value: (row) => row.input },
  { id: "out", label: "Output", numeric: true, value: (row) => row.output },
  { id: "write", label: "To cache", numeric: true, value: cacheWrites },
  { id: "read", label: "From cache", numeric: true, value: (row) => row.cache_read },
];

/** @param {any[]} rows @param {{column: string, descending: boolean}} order */
export function sortRows(rows, { column, descending }) {
  const { value } = COLUMNS.find(({ id }) => id === column) ?? COLUMNS[1];
  const sign = descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: value(row) }));
  keyed.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : (allTokens(b.row) ?? 0) - (allTokens(a.row) ?? 0)));
  return keyed.map(({ row }) => row);
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** What a row is called, and what else helps to tell it apart. @param {any} row @returns {{name: string, more: string}} */
export function rowName(row) {
  if ("model" in row) return { name: row.model || "no model named", more: "" };
  if ("tool_name" in row) return { name: row.tool_name || "Conversation", more: row.tool_name ? "" : "what no tool brought about" };
  if ("day" in row) return { name: day.format(new Date(row.day)), more: "" };
  if ("agent_type" in row && !("agent_id" in row)) return { name: row.agent_type || "type unknown", more: "" };
  if ("agent_id" in row) return agentRow(row);
  if ("prompt_id" in row) return { name: firstLine(row.prompt) || (row.prompt_id ? `Turn ${shortId(row.prompt_id)}` : "Before the first prompt"), more: "" };
  if ("session_id" in row) return { name: row.title || `Session ${shortId(row.session_id)}`, more: baseName(row.project ?? "") };
  return { name: row.project ? baseName(row.project) : "project unknown", more: row.project };
}

function agentRow({ agent_id: id, agent_type: type, description }) {
  return { name: type || (id ? shortId(id) : "main"), more: description || "" };
}

function firstLine(text) {
  return String(text ?? "").trim().split("\n", 1)[0];
}

/** One string that finds the row again, for the address. @param {string} by @param {any} row @param {string} session what is shown, "" for all */
export function costKey(by, row, session) {
  const names = BREAKDOWNS[by].fields.map((field) => /** @type {[string, string]} */ ([field, row[field]]));
  return new URLSearchParams([["by", by], ...(session ? [/** @type {[string, string]} */ (["session", session])] : []), ...names]).toString();
}

/** The question a row answers, and how to tell it among the rows. @param {string} key from `costKey` */
export function costQuestion(key) {
  const given = new URLSearchParams(key);
  const { id: by, fields } = BREAKDOWNS[given.get("by") ?? ""] ?? BREAKDOWNS.model;
  const session = given.get("session") ?? given.get("session_id");
  const query = { by, session, project: by === "project" ? given.get("project") : null, limit: 1000, tz: CLOCK };
  return { by, query, matches: (/** @type {any} */ row) => fields.every((field) => String(row[field]) === given.get(field)) };
}

const SOURCES = { transcript: "from transcripts", agent_progress: "from progress reports", telemetry: "from telemetry" };

/** Where calls are known from: "312 from transcripts, 4 from progress reports alone". @param {Record<string, number>} sources @param {(value: number) => string} count */
export function sourcesText(sources, count) {
  return Object.entries(sources).map(([name, calls]) => `${count(calls)} ${SOURCES[name] ?? name}`).join(", ");
}

/** Models without a price, each with its calls. @param {any} sums @param {(value: number) => string} count */
export function unpricedText(sums, count) {
  return Object.entries(sums.unpriced_models).map(([model, calls]) => `${model || "no model named"} (${count(calls)})`).join(", ");
}

/** How Claude Code's own total compares with ours, and why. @param {{stated: number, difference: number, reasons: string[]}} reconciliation picodollars */
export function comparison({ stated, difference, reasons }) {
  const theirs = `Claude Code’s own total is ${usd(dollars(stated))}`;
  if (!difference) return `${theirs}: the same.`;
  const apart = `${usd(dollars(Math.abs(difference)))} ${difference > 0 ? "more" : "less"} than here`;
  return `${theirs}, ${apart}: ${reasons.length ? reasons.join("; ") : "no reason is known"}.`;
}
