// What kind of work a tool does: kinds have a colour each, and names beside them.
// @ts-check

const KINDS = /** @type {const} */ ([
  { name: "commands", series: 1, tools: ["Bash", "BashOutput", "KillBash", "KillShell", "TaskOutput"] },
  { name: "reading", series: 5, tools: ["Read", "Grep", "Glob", "LS", "NotebookRead", "ToolSearch"] },
  { name: "writing", series: 3, tools: ["Edit", "MultiEdit", "Write", "NotebookEdit"] },
  { name: "agents", series: 7, tools: ["Agent", "Task"] },
  { name: "web", series: 4, tools: ["WebFetch", "WebSearch"] },
  { name: "MCP", series: 2, tools: [] },
  { name: "other", series: 8, tools: [] },
]);

/** Kinds and the number of their colour, for a legend. */
export const TOOL_KINDS = KINDS.map(({ name, series }) => ({ name, series }));

const SERIES = new Map(KINDS.flatMap(({ series, tools }) => tools.map((tool) => [/** @type {string} */ (tool), /** @type {number} */ (series)])));

/** The number of a tool's colour. @param {string} tool */
export function seriesOf(tool) {
  return SERIES.get(tool) ?? (tool.startsWith("mcp__") ? 2 : 8);
}
