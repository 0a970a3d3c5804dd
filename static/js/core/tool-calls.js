// Order and filters of the tool-call table.
// @ts-check

/** In the order a reader cares: what needs a look first. */
export const STATUSES = ["running", "error", "denied", "interrupted", "unknown", "ok"];

/** @type {{id: string, label: string, numeric?: boolean, value: (call: any) => string|number}[]} */
export const COLUMNS = [
  { id: "started", label: "Started", value: (call) => call.started_at ?? call.ended_at ?? 0 },
  { id: "tool", label: "Tool", value: (call) => call.tool_name.toLowerCase() },
  { id: "detail", label: "Detail", value: (call) => call.detail },
  { id: "agent", label: "Agent", value: (call) => call.agent_type || call.agent_id },
  { id: "status-cell", label: "Status", value: (call) => STATUSES.indexOf(call.status) },
  { id: "duration", label: "Time", numeric: true, value: (call) => call.duration_us ?? -1 },
];

/** @param {any[]} calls @param {{column: string, descending: boolean}} order */
export function sortCalls(calls, { column, descending }) {
  const { value } = COLUMNS.find(({ id }) => id === column) ?? COLUMNS[0];
  const sign = descending ? -1 : 1;
  const keyed = calls.map((call) => ({ call, key: value(call) }));
  keyed.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : (b.call.started_at ?? 0) - (a.call.started_at ?? 0)));
  return keyed.map(({ call }) => call);
}

/** @param {any} call @param {{tool: string, query: string}} filter `query` in lower case */
export function matchesCall(call, { tool, query }) {
  if (tool && call.tool_name !== tool) return false;
  return !query || `${call.tool_name} ${call.detail} ${call.status} ${call.agent_type} ${call.error ?? ""}`.toLowerCase().includes(query);
}
