import assert from "node:assert/strict";
import { test } from "node:test";
import { callTold } from "../../static/js/core/call-told.js";

const line = (type, content, more = {}) => ({ kind: `transcript.${type}`, payload: { type, message: { role: type, content }, ...more } });
const asked = line("assistant", [{ type: "text", text: "Well." }, { type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } }]);
const answered = (more) => line("user", [{ type: "tool_result", tool_use_id: "t1", content: "a\nb" }], more);

test("lines of a transcript tell a call: what was asked, and what came back, structured where it is", () => {
  const told = callTold([asked, answered({ toolUseResult: { stdout: "a\nb", interrupted: false } })], "t1");
  assert.equal(told.name, "Bash");
  assert.deepEqual(told.input, { command: "ls" });
  assert.deepEqual(told.response, { stdout: "a\nb", interrupted: false });
});

test("a result without a structure is its text, and so is one of several in a line", () => {
  assert.equal(callTold([asked, answered({})], "t1").response, "a\nb");
  const both = line("user", [{ type: "tool_result", tool_use_id: "t0", content: "x" }, { type: "tool_result", tool_use_id: "t1", content: "y" }], { toolUseResult: { stdout: "x" } });
  assert.equal(callTold([asked, both], "t1").response, "y");
});

test("a failure is an error, without what wraps it", () => {
  const failed = line("user", [{ type: "tool_result", tool_use_id: "t1", is_error: true, content: "<tool_use_error>No such file</tool_use_error>" }], { toolUseResult: "Error: No such file" });
  const told = callTold([asked, failed], "t1");
  assert.deepEqual([told.error, told.response], ["No such file", null]);
});

test("hooks and lines of the same call tell it once, and what one leaves out the other adds", () => {
  const before = { kind: "PreToolUse", payload: { hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command: "ls" } } };
  const after = { kind: "PostToolUse", payload: { hook_event_name: "PostToolUse", tool_name: "Bash", tool_input: {}, tool_response: { stdout: "a" }, duration_ms: 3 } };
  const told = callTold([before, after, answered({})], "t1");
  assert.deepEqual([told.input, told.response, told.durationMs], [{ command: "ls" }, { stdout: "a" }, 3]);
});

test("events that do not tell of the call tell nothing", () => {
  const strange = [null, 5, "text", [], { message: null }, { message: { content: 5 } }, { message: { content: [null, { type: "tool_use" }] } }];
  assert.equal(callTold(strange.map((payload) => ({ kind: "transcript.user", payload })), "t1"), null);
  assert.equal(callTold([asked], "t2"), null);
});
