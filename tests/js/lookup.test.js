import assert from "node:assert/strict";
import { test } from "node:test";
import { Lookup } from "../../static/js/core/lookup.js";
import { Recovery } from "../../static/js/core/recovery.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

function lookup(answer = () => ({})) {
  const [asked, told, later] = [[], [], []];
  const fetch = async (wanted) => (asked.push(wanted), answer(wanted));
  return { asked, told, later, lookup: new Lookup(fetch, (topic) => told.push(topic), (run) => later.push(run)) };
}

test("what a screenful needs is asked for at once, and once", async () => {
  const { asked, later, told, lookup: documents } = lookup(() => ({ agent: { a: { seq: 1, value: { agent_type: "reviewer" } } } }));
  for (let round = 0; round < 3; round += 1) for (const key of ["a", "b"]) assert.equal(documents.get("agent", key), null);
  documents.get("session", "s");
  later.shift()();
  await settled();
  assert.deepEqual(asked, [{ agent: ["a", "b"], session: ["s"] }]);
  assert.deepEqual(told, ["agent", "session"]);
  assert.equal(documents.get("agent", "a").agent_type, "reviewer");
  assert.equal(documents.get("agent", "b"), null);
  assert.equal(later.length, 0);
});

test("what is told of live in the meantime is not asked for, and an older answer does not undo it", async () => {
  const { asked, later, lookup: documents } = lookup(() => ({ agent: { b: { seq: 3, value: { n: "old" } } } }));
  documents.get("agent", "a");
  documents.get("agent", "b");
  documents.apply([{ topic: "agent", key: "a", seq: 5, value: { n: "live" } }, { topic: "other", key: "x", seq: 5, value: {} }]);
  later.shift()();
  documents.apply([{ topic: "agent", key: "b", seq: 6, value: { n: "newer" } }]);
  await settled();
  assert.deepEqual(asked, [{ agent: ["b"] }]);
  assert.deepEqual([documents.get("agent", "a").n, documents.get("agent", "b").n], ["live", "newer"]);
});

test("memory is bounded: what was not used for longest goes", () => {
  const { lookup: documents } = lookup();
  documents.get("agent", "k0");
  for (let number = 0; number < 5000; number += 1) {
    documents.apply([{ topic: "agent", key: `k${number}`, seq: number, value: { number } }]);
    documents.get("agent", "k0");
  }
  assert.equal(documents.get("agent", "k0").number, 0);
  assert.equal(documents.get("agent", "k100"), null);
  assert.equal(documents.get("agent", "k4999").number, 4999);
});

test("an unanswered question is asked again when the rows are drawn again", async () => {
  let fails = true;
  const { later, lookup: documents } = lookup(() => {
    if (fails) throw new Error("down");
    return { agent: { a: { seq: 1, value: { n: 1 } } } };
  });
  documents.get("agent", "a");
  later.shift()();
  await settled();
  fails = false;
  documents.get("agent", "a");
  later.shift()();
  await settled();
  assert.equal(documents.get("agent", "a").n, 1);
});

test("a reconnection says how much it caught up, for a while", () => {
  const later = [];
  const recovery = new Recovery(() => {}, (run) => later.push(run));
  recovery.joined(10);
  assert.equal(recovery.caughtUp, null);
  recovery.lost(10);
  recovery.lost(11);
  recovery.joined(142);
  assert.equal(recovery.caughtUp, 132);
  later.shift()();
  assert.equal(recovery.caughtUp, null);
});
