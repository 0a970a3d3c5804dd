// Columns of the tool-call list, and the field of a call each is ordered by on the server.
// @ts-check

/** In the order a reader cares: what needs a look first. */
export const STATUSES = ["running", "error", "denied", "interrupted", "unknown", "ok"];

/** `missing` stands for a field that a call does not have, as it does on the server. @type {{id: string, label: string, field: string, missing: number|string, numeric?: boolean}[]} */
export const COLUMNS = [
  { id: "started", label: "Started", field: "started_at", missing: 0 },
  { id: "tool", label: "Tool", field: "tool_name", missing: "" },
  { id: "detail", label: "Detail", field: "detail", missing: "" },
  { id: "agent", label: "Agent", field: "agent_type", missing: "" },
  { id: "status-cell", label: "Status", field: "status", missing: "" },
  { id: "duration", label: "Time", field: "duration_us", missing: -1, numeric: true },
];
