// Fetches what a selection stands for: one event with its payload, or a document with its events.
// @ts-check
import { costQuestion } from "../core/costs.js";

const MOST_EVENTS = 200;
/** A call in the background may report its progress for hours; the rest is in the list. */
const MOST_OF_CALL = 20;
/** The latest things done to a file. */
const MOST_CHANGES = 100;
/** Kinds whose payload tells what a call was given and what came of it, beside those its document names. */
const TELLING = new Set(["PostToolUse", "PostToolUseFailure", "PermissionDenied"]);

/** One string a selection, for the loader. @param {import("../core/route.js").Selection|null} selection */
export function subjectKey(selection) {
  return selection && `${selection.type}:${selection.key}`;
}

/**
 * @param {string} key from `subjectKey`
 * @param {import("../core/api.js").Api} api
 * @param {AbortSignal} signal
 * @returns {Promise<{type: string, key: string, event?: any, document?: any, calls?: any[], by?: string, compared?: any, rest?: any, events: any[]}>}
 */
export async function fetchSubject(key, api, signal) {
  const [, type, id] = /^(\w+):(.*)$/s.exec(key) ?? [];
  if (type === "event") return { type, key: id, ...(await eventAndSiblings(Number(id), api, signal)) };
  if (type === "cost") return { type, key: id, events: [], ...(await fetchCost(id, api, signal)) };
  const cut = type === "session" ? id.length : id.indexOf("/");
  const [session, rest] = [id.slice(0, cut), id.slice(cut + 1)];
  const document = await findDocument(type, id, api, signal);
  if (type === "file") return { type, key: id, document, calls: await callsOf(session, rest, api, signal), events: [] };
  return { type, key: id, document, events: await eventsOf(type, session, rest, document, api, signal) };
}

/** The event, and the heads of the same tool call. */
async function eventAndSiblings(seq, api, signal) {
  const event = await api.event(seq, signal);
  if (!event.tool_use_id) return { event, events: [] };
  const { events } = await api.events({ session: event.session_id, tool_use_id: event.tool_use_id, order: "asc", limit: MOST_OF_CALL }, signal);
  return { event, events };
}

async function findDocument(topic, key, api, signal) {
  const found = await api.lookup({ [topic]: [key] }, signal);
  return found[topic]?.[key]?.value ?? null;
}

async function callsOf(session, path, api, signal) {
  return (await api.get("tool-calls", { session, path, limit: MOST_CHANGES }, signal)).tool_calls;
}

async function eventsOf(type, session, id, document, api, signal) {
  if (type === "tool_call") {
    const { events } = await api.events({ session, tool_use_id: id, order: "asc", limit: MOST_OF_CALL }, signal);
    return withPayloads(events, [document?.input_seq, document?.result_seq], api, signal);
  }
  if (type === "agent") return (await api.events({ session, agent: id, limit: MOST_EVENTS }, signal)).events;
  return [];
}

/** The heads, those that tell of the call as whole events, and the ones named even if they are not among them. */
async function withPayloads(heads, named, api, signal) {
  const seqs = new Set(named.filter((seq) => typeof seq === "number"));
  for (const head of heads) if (TELLING.has(head.kind)) seqs.add(head.seq);
  const whole = await Promise.all([...seqs].map((seq) => api.event(seq, signal)));
  const rest = heads.filter((/** @type {any} */ head) => !seqs.has(head.seq));
  return [...whole, ...rest].sort((one, other) => one.seq - other.seq);
}

/** A row of costs, how its session compares with Claude Code's own total, and what it divides into further. */
async function fetchCost(key, api, signal) {
  const { by, query, matches } = costQuestion(key);
  const { costs } = await api.get("costs", query, signal);
  const row = costs.find(matches) ?? null;
  const usage = row && by === "session" ? await findDocument("usage", `session/${row.session_id}`, api, signal) : null;
  return { by, document: row, compared: usage?.reconciliation ?? null, rest: row && (await fetchRest(by, row, query, api, signal)) };
}

async function fetchRest(by, row, query, api, signal) {
  if (by === "project") return { by: "session", rows: (await api.get("costs", row.links.costs, signal)).costs };
  if (by !== "agent_type") return null;
  const { costs } = await api.get("costs", { by: "agent", session: query.session, limit: 1000 }, signal);
  const typeOf = (/** @type {any} */ agent) => agent.agent_type || (agent.agent_id ? "" : "main");
  return { by: "agent", rows: costs.filter((/** @type {any} */ agent) => typeOf(agent) === row.agent_type).slice(0, MOST_EVENTS) };
}
