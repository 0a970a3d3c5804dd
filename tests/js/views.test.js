import assert from "node:assert/strict";
import { test } from "node:test";
import { agentTree, openRows } from "../../static/js/core/agents.js";
import { fileRows } from "../../static/js/core/files.js";
import { blocksOf, hookOf, textOf, toolCallOf } from "../../static/js/core/payload.js";
import { COLUMNS as SESSION_COLUMNS, STATUSES as SESSION_STATUSES } from "../../static/js/core/session-columns.js";
import { COLUMNS, STATUSES } from "../../static/js/core/tool-calls.js";

const agent = (id, parent, started = 0) => ({ session_id: "s", agent_id: id, parent_agent_id: parent, started_at: started });
const shape = (rows) => rows.map(({ agent: { agent_id: id }, depth }) => "  ".repeat(depth) + id);

test("agents stand under who delegated to them, in order of start", () => {
  assert.deepEqual(shape(agentTree([agent("c", "", 3), agent("", null), agent("b", "a", 2), agent("a", "", 1)])), ["", "  a", "    b", "  c"]);
});

test("an agent whose parent is unknown stands under the main one; without a main one, alone", () => {
  assert.deepEqual(shape(agentTree([agent("", null), agent("x", "gone")])), ["", "  x"]);
  assert.deepEqual(shape(agentTree([agent("x", "gone")])), ["x"]);
});

test("agents that name each other as parents are all still shown", () => {
  assert.equal(agentTree([agent("a", "b"), agent("b", "a")]).length, 2);
});

test("a closed row hides everything below it and nothing else", () => {
  const rows = agentTree([agent("", null), agent("a", "", 1), agent("b", "a", 2), agent("c", "", 3)]);
  assert.deepEqual(shape(openRows(rows, new Set(["s/a"]))), ["", "  a", "  c"]);
});

const file = (path, reads = 1) => ({ session_id: "s", path, reads, writes: 0, edits: 0 });

test("files are grouped by directory, those of the session's own directory first and relative", () => {
  const rows = fileRows([file("/etc/hosts"), file("/w/src/b.py"), file("/w/src/a.py", 2), file("/w/x.md")], () => "/w", new Set());
  assert.deepEqual(rows.map((row) => row.file?.path ?? `[${row.directory}] ${row.reads}`), ["[] 1", "/w/x.md", "[src] 3", "/w/src/a.py", "/w/src/b.py", "[/etc] 1", "/etc/hosts"]);
});

test("a closed directory keeps its totals", () => {
  const rows = fileRows([file("/w/a"), file("/w/b")], () => "/w", new Set(["directory:"]));
  assert.deepEqual(rows.map((row) => [row.depth, row.reads, row.files]), [[0, 2, 2]]);
});

test("each column of the tool-call list is ordered by one field, and every status has its place", () => {
  assert.equal(new Set(COLUMNS.map(({ field }) => field)).size, COLUMNS.length);
  assert.equal(new Set(STATUSES).size, STATUSES.length);
});

test("each column of the list of sessions that can be ordered is ordered by one field of its own", () => {
  const fields = SESSION_COLUMNS.map(({ field }) => field).filter(Boolean);
  assert.equal(new Set(fields).size, fields.length);
  assert.equal(new Set(SESSION_STATUSES).size, SESSION_STATUSES.length);
});

test("the hook's own JSON is found in every envelope", () => {
  const hook = { hook_event_name: "PostToolUse", tool_name: "Bash", tool_input: { command: "ls" } };
  const wrapped = { namespace: "/", event: "claude_event", data: { type: "hook", subtype: "post_tool", hook_event_name: "PostToolUse", data: hook } };
  assert.equal(hookOf(hook), hook);
  assert.equal(hookOf(wrapped), hook);
  assert.equal(hookOf({ type: "hook", subtype: "post_tool", data: { tool_name: "Bash" } }).tool_name, "Bash");
});

test("a payload that is no object is still something to show", () => {
  assert.deepEqual(hookOf("text"), { value: "text" });
  assert.deepEqual(hookOf({ data: { anything: 1 } }), { data: { anything: 1 } });
});

test("a tool call is read from whatever is there", () => {
  assert.equal(toolCallOf("Stop", {}), null);
  assert.deepEqual(toolCallOf("PermissionDenied", { tool_name: "Bash", tool_input: "bad", reason: "no" }), { name: "Bash", input: {}, response: null, error: "no", interrupted: false, durationMs: null });
});

test("text is found in the forms tools answer in", () => {
  assert.equal(textOf([{ type: "text", text: "a" }, { type: "text", text: "b" }]), "a\nb");
  assert.equal(textOf({ content: [{ text: "c" }] }), "c");
  assert.equal(textOf(null), "");
  assert.deepEqual(blocksOf({ content: "hi" }), [{ type: "text", text: "hi" }]);
  assert.deepEqual(blocksOf(null), []);
});
