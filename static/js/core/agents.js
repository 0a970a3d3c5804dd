// Who did it: names for agents and the delegation tree.
// @ts-check
import { shortId } from "./format.js";

/** @param {import("./store.js").Store} store @param {string} sessionId @param {string} agentId "" is the main agent */
export function agentName(store, sessionId, agentId) {
  if (!agentId) return "main";
  return store.lookup("agent", `${sessionId}/${agentId}`)?.agent_type || shortId(agentId);
}

/**
 * Parents before children, each with its depth; children in order of start. An agent whose parent is not known
 * (yet) stands under its session's main agent.
 * @param {any[]} agents agent documents' values
 * @returns {{agent: any, depth: number, children: number, key: string}[]}
 */
export function agentTree(agents) {
  const byKey = new Map(agents.map((agent) => [keyOf(agent), agent]));
  const children = new Map();
  for (const agent of agents) {
    const parent = parentKey(agent, byKey);
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(agent);
  }
  /** @type {{agent: any, depth: number, children: number, key: string}[]} */
  const rows = [];
  const seen = new Set();
  const visit = (/** @type {any} */ agent, /** @type {number} */ depth) => {
    const key = keyOf(agent);
    if (seen.has(key)) return;
    seen.add(key);
    const below = (children.get(key) ?? []).sort(byStart);
    rows.push({ agent, depth, children: below.length, key });
    for (const child of below) visit(child, depth + 1);
  };
  for (const root of (children.get("") ?? []).sort((a, b) => byStart(b, a))) visit(root, 0);
  for (const agent of agents) visit(agent, 0);
  return rows;
}

/** Rows to show: those below a closed row are left out. @param {{depth: number, key: string}[]} rows @param {Set<string>} closed */
export function openRows(rows, closed) {
  let hiddenBelow = Infinity;
  return rows.filter((row) => {
    if (row.depth > hiddenBelow) return false;
    hiddenBelow = closed.has(row.key) ? row.depth : Infinity;
    return true;
  });
}

/** @param {any} agent */
function keyOf(agent) {
  return `${agent.session_id}/${agent.agent_id}`;
}

function parentKey(agent, byKey) {
  if (!agent.agent_id) return "";
  const named = `${agent.session_id}/${agent.parent_agent_id ?? ""}`;
  if (byKey.has(named)) return named;
  const main = `${agent.session_id}/`;
  return byKey.has(main) ? main : "";
}

function byStart(a, b) {
  return (a.started_at ?? 0) - (b.started_at ?? 0);
}
