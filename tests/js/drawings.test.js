import assert from "node:assert/strict";
import { test } from "node:test";
import { Drawings } from "../../static/js/inspector/drawings.js";

function drawings(...drawn) {
  const made = new Drawings();
  made.use(drawn.map(([id, ...draws]) => ({ id, draws })), null);
  return made;
}

test("what nobody draws is left to the page", () => {
  assert.equal(drawings().find("Bash"), null);
  assert.equal(drawings(["a.one", "Bash", "mcp__acme__*"]).find("BashOutput"), null);
  assert.equal(drawings(["a.one", "Bash"]).find("constructor"), null);
});

test("a whole name counts before a beginning, a longer beginning before a shorter one", () => {
  const made = drawings(["a.any", "mcp__*"], ["a.acme", "mcp__acme__*"], ["a.map", "mcp__acme__map"]);
  assert.deepEqual(["mcp__acme__map", "mcp__acme__route", "mcp__other__x"].map((name) => made.find(name).id), ["a.map", "a.acme", "a.any"]);
});

test("among equals the first that was registered counts", () => {
  const made = drawings(["a.first", "Bash", "mcp__*"], ["a.second", "Bash", "mcp__*"]);
  assert.deepEqual(["Bash", "mcp__x__y"].map((name) => made.find(name).id), ["a.first", "a.first"]);
});

test("what is shown is drawn by its kind or by its tool", () => {
  const made = drawings(["a.one", "acme.note", "mcp__*"]);
  assert.ok(made.has({ event: { kind: "acme.note", tool_name: "" } }));
  assert.ok(made.has({ event: { kind: "PostToolUse", tool_name: "mcp__x__y" } }));
  assert.ok(made.has({ document: { tool_name: "mcp__x__y" } }));
  assert.ok(!made.has({ document: { path: "/w/a.py" } }));
  assert.ok(!made.has({ event: { kind: "Stop", tool_name: "" } }));
});
