// Columns of the list of sessions, and the field each is ordered by on the server.
// @ts-check

/** In the order a reader cares: what may need somebody first. */
export const STATUSES = ["waiting", "failed", "running", "background", "idle", "ended", "unknown"];

/** `field` is "" where the server has no order by it. `missing` stands for a field that a session does not have, as it does on the server. @type {{id: string, label: string, field: string, missing: number|string, numeric?: boolean}[]} */
export const COLUMNS = [
  { id: "status-cell", label: "Status", field: "status", missing: "" },
  { id: "title", label: "Session", field: "title", missing: "" },
  { id: "project", label: "Project", field: "project", missing: "" },
  { id: "branch", label: "Branch", field: "branch", missing: "" },
  { id: "started", label: "Started", field: "started_at", missing: 0, numeric: true },
  { id: "active", label: "Active", field: "last_at", missing: 0, numeric: true },
  { id: "busy", label: "Busy", field: "busy_us", missing: -1, numeric: true },
  { id: "waited", label: "Waited", field: "waited_us", missing: -1, numeric: true },
  { id: "turns", label: "Turns", field: "turns", missing: 0, numeric: true },
  { id: "agents", label: "Agents", field: "agents", missing: 0, numeric: true },
  { id: "tools", label: "Tools", field: "tool_calls", missing: 0, numeric: true },
  { id: "errors", label: "Errors", field: "errors", missing: 0, numeric: true },
  { id: "context", label: "Context", field: "context_tokens", missing: 0, numeric: true },
  { id: "tokens", label: "Tokens", field: "", missing: 0, numeric: true },
  { id: "cost", label: "Cost", field: "", missing: 0, numeric: true },
];
