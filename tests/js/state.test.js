import assert from "node:assert/strict";
import { test } from "node:test";
import { eventStatus } from "../../static/js/core/event-status.js";
import { FAMILIES, familyOf, kindsOf } from "../../static/js/core/kinds.js";
import { Notifier } from "../../static/js/core/notifier.js";
import { formatRoute, parseRoute } from "../../static/js/core/route.js";
import { chooseSession, inOrder } from "../../static/js/core/sessions.js";
import { moveCursor } from "../../static/js/ui/row-cursor.js";

const now = Date.now() * 1000;
const session = (id, started, status = "running") => ({ session_id: id, started_at: now - 1e9 + started, last_at: now, status });

const clock = (runs) => ({ soon: (run) => runs.push(run), frame: (run) => runs.push(run), later: (run) => runs.push(run), now: () => 0 });

test("an address survives being read and written, whatever is in it", () => {
  const route = { tab: "tools", project: "/w/ä?", session: "a/b?c", query: "x=1&y #z", families: ["answer", "other"], from: 1_700_000_000_000_000, to: null, selection: { type: "file", key: "s//tmp/ä b.txt" }, paused: true };
  assert.deepEqual(parseRoute(formatRoute(route)), route);
  const about = { ...route, selection: { type: "session", key: "other" } };
  assert.deepEqual(parseRoute(formatRoute(about)), about);
});

test("a mistyped address is still an address", () => {
  assert.deepEqual(parseRoute("#/%E0%A4%A?from=soon&to=-1"), parseRoute(""));
});

test("an empty address is the event list of the newest session", () => {
  assert.deepEqual(parseRoute(""), { tab: "overview", project: "", session: "", query: "", families: [], from: null, to: null, selection: null, paused: false });
});

test("live sessions come first, then the newest", () => {
  const order = inOrder([session("old-live", 1), session("new-ended", 9, "ended"), session("new-live", 5)]);
  assert.deepEqual(order.map(({ session_id: id }) => id), ["new-live", "old-live", "new-ended"]);
});

test("without a choice the newest session is shown, and a newer one takes over", () => {
  assert.equal(chooseSession([session("a", 1), session("b", 2)], ""), "b");
  assert.equal(chooseSession([session("a", 1), session("b", 2), session("c", 3)], "", "b"), "c");
});

test("a session that ends stays on screen although an older one is still live", () => {
  assert.equal(chooseSession([session("a", 1), session("b", 2, "ended")], "", "b"), "b");
});

test("the reader's choice is kept", () => {
  assert.equal(chooseSession([session("a", 1), session("b", 2)], "a", "a"), "a");
  assert.equal(chooseSession([session("a", 1)], "all"), "");
});

test("every kind belongs to one family", () => {
  const kinds = FAMILIES.flatMap((family) => family.kinds);
  assert.equal(new Set(kinds).size, kinds.length);
  assert.equal(familyOf("something.new").id, "other");
});

test("families in an address are in one order, each once, and none is made up", () => {
  assert.deepEqual(parseRoute("#/events?kinds=tool,x,prompt,tool").families, ["prompt", "tool"]);
});

test("no chosen family means every kind; 'other' means all but those of families not chosen", () => {
  assert.equal(kindsOf([]), null);
  assert.deepEqual(kindsOf(["task"]), { only: new Set(["TaskCreated", "TaskCompleted"]) });
  const { but } = kindsOf(["task", "other"]);
  assert.ok(but.has("Stop") && !but.has("TaskCreated"));
});

test("a result shows its call's fate; a beginning shows it only when no result will come", () => {
  const call = { status: "error", duration_us: 5, result_seq: 2 };
  assert.deepEqual(eventStatus({ kind: "PostToolUse" }, call), { status: "error", micros: 5 });
  assert.equal(eventStatus({ kind: "PreToolUse" }, call).status, "");
  assert.equal(eventStatus({ kind: "PreToolUse" }, { ...call, status: "denied", result_seq: null }).status, "denied");
});

test("success is never assumed", () => {
  assert.equal(eventStatus({ kind: "PostToolUse" }, null).status, "");
  assert.equal(eventStatus({ kind: "PostToolUseFailure" }, null).status, "error");
});

test("subscribers hear once a frame however often a topic changes", () => {
  const frames = [];
  const notifier = new Notifier(clock(frames));
  const heard = [];
  notifier.subscribe(["a"], (changed) => heard.push([...changed]));
  for (const topic of ["a", "a", "b"]) notifier.touch(topic);
  while (frames.length) frames.shift()();
  assert.deepEqual(heard, [["a", "b"]]);
});

test("data waits for the beat in a stream, the reader's own doing does not", () => {
  let time = 0;
  const frames = [];
  const later = [];
  const notifier = new Notifier({ ...clock(frames), later: (run, ms) => later.push(ms), now: () => time });
  notifier.subscribe(["events", "state"], () => {});
  notifier.touch("events");
  frames.shift()();
  time = 10;
  notifier.touch("events");
  assert.deepEqual([frames.length, later], [0, [40]]);
  notifier.touch("state");
  assert.equal(frames.length, 1);
});

test("held topics are told after release, others at once", () => {
  const frames = [];
  const notifier = new Notifier(clock(frames));
  const heard = [];
  notifier.subscribe(["agent", "state"], (changed) => heard.push([...changed].join()));
  notifier.hold(["agent"]);
  notifier.touch("agent");
  notifier.touch("state");
  while (frames.length) frames.shift()();
  notifier.release();
  while (frames.length) frames.shift()();
  assert.deepEqual(heard, ["state", "agent"]);
});

test("keys move the cursor and stop at the ends", () => {
  const moves = [["j", 0, 1], ["k", 0, 0], ["ArrowDown", 9, 9], ["Home", 5, 0], ["End", 5, 9], ["PageDown", 2, 6], ["PageUp", 2, 0], ["k", -1, 9]];
  for (const [key, from, to] of moves) assert.equal(moveCursor(key, from, 10, 4), to, key);
  assert.equal(moveCursor("x", 0, 10, 4), null);
  assert.equal(moveCursor("j", 0, 0, 4), null);
});
