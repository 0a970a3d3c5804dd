import assert from "node:assert/strict";
import { test } from "node:test";
import { STATES, dayBars, isoDay, lastDays, parted, placeOf, roundUp } from "../../static/js/core/overview.js";

test("every state is told by a word and a shape; those that call for somebody have shapes of their own", () => {
  assert.equal(new Set(Object.values(STATES).map(({ word }) => word)).size, Object.keys(STATES).length);
  const told = ["permission", "question", "failed", "stuck", "looping"].map((state) => STATES[state].shape);
  assert.equal(new Set(told).size, told.length);
});

test("sessions that call for somebody are parted from the rest, in order; an unknown state calls", () => {
  const rows = ["permission", "running", "new-state", "idle"].map((state) => ({ state }));
  const { calling, others } = parted(rows);
  assert.deepEqual(calling.map(({ state }) => state), ["permission", "new-state"]);
  assert.deepEqual(others.map(({ state }) => state), ["running", "idle"]);
});

test("a need leads to the call, else to the agent, else to the session", () => {
  const row = { session_id: "s", agent_id: "a", tool_use_id: "t" };
  assert.deepEqual(placeOf(row), { type: "tool_call", key: "s/t" });
  assert.deepEqual(placeOf({ ...row, tool_use_id: "" }), { type: "agent", key: "s/a" });
  assert.deepEqual(placeOf({ ...row, tool_use_id: "", agent_id: "" }), { type: "session", key: "s" });
});

test("the last days end today and cross months", () => {
  const days = lastDays(new Date(2026, 2, 2, 0, 5).getTime(), 3);
  assert.deepEqual(days, ["2026-02-28", "2026-03-01", "2026-03-02"]);
  assert.equal(isoDay(new Date(2026, 0, 5, 23, 59)), "2026-01-05");
});

test("days without calls have a bar of nothing; the axis ends at a round amount", () => {
  const cost = (day, total) => ({ day, calls: 1, unpriced: 0, cost: { total } });
  const { top, bars } = dayBars([cost("b", 150), cost("z", 900)], ["a", "b"]);
  assert.equal(top, 200);
  assert.deepEqual(bars.map(({ day, part }) => [day, part]), [["a", 0], ["b", 0.75]]);
  assert.deepEqual(dayBars([], ["a"]), { top: 0, bars: [{ day: "a", row: null, part: 0 }] });
  assert.deepEqual([0, 1, 1.1, 2, 49, 51, 1000].map(roundUp), [0, 1, 2, 2, 50, 100, 1000]);
});
