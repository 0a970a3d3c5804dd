import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { EventFeed } from "../../static/js/core/event-feed.js";

/** A log that answers like the server, and can be told to wait. */
class Log {
  heads = [];
  queries = [];
  gate = null;

  add(count, fields = {}) {
    const added = Array.from({ length: count }, () => ({ seq: this.heads.length + 1, kind: "Stop", session_id: "s", ...fields })).map((head, index) => ({ ...head, seq: head.seq + index }));
    this.heads.push(...added);
    return added;
  }

  fetch = async (query) => {
    this.queries.push(query);
    const { after = 0, before = Infinity, limit, order = "desc", session = "", kind, q = "" } = query;
    const lastSeq = this.heads.length;
    const kinds = kind?.split(",");
    const found = this.heads.filter((head) => head.seq > after && head.seq < before && (!session || head.session_id === session) && (!kinds || kinds.includes(head.kind)) && (head.text ?? "").includes(q));
    if (order === "desc") found.reverse();
    await this.gate;
    return { events: found.slice(0, limit), next: found.length >= limit ? "more" : null, last_seq: lastSeq };
  };
}

let log;
let feed;
beforeEach(() => {
  log = new Log();
  feed = new EventFeed(log.fetch, () => {}, { limit: 50, page: 10 });
});
const seqs = () => feed.heads.map((head) => head.seq);
const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

test("opens at the newest events, oldest first", async () => {
  log.add(25);
  await feed.open();
  assert.deepEqual(seqs(), range(16, 25));
  assert.equal(feed.atTail, true);
  assert.equal(feed.atStart, false);
});

test("live events are appended at the end", async () => {
  log.add(3);
  await feed.open();
  feed.receive(log.add(2));
  assert.deepEqual(seqs(), range(1, 5));
});

test("what arrives while the first page is under way is neither lost nor doubled", async () => {
  log.add(3);
  let open;
  log.gate = new Promise((resolve) => (open = resolve));
  const opening = feed.open();
  feed.receive(log.add(1));
  feed.receive(log.add(1));
  open();
  await opening;
  assert.deepEqual(seqs(), range(1, 5));
});

test("an event both in the page and on the live line appears once", async () => {
  log.add(3);
  await feed.open();
  feed.receive([{ seq: 3, kind: "Stop", session_id: "s" }, ...log.add(1)]);
  assert.deepEqual(seqs(), range(1, 4));
});

test("older pages go before, and the shift says by how much", async () => {
  log.add(25);
  await feed.open();
  await feed.older();
  assert.deepEqual(seqs(), range(6, 25));
  assert.equal(feed.shift, 10);
  await feed.older();
  assert.equal(feed.atStart, true);
});

test("the window is bounded: while following the oldest are dropped", async () => {
  log.add(5);
  await feed.open();
  for (let round = 0; round < 10; round += 1) feed.receive(log.add(10));
  assert.deepEqual(seqs(), range(56, 105));
  assert.equal(feed.atStart, false);
  await feed.older();
  assert.equal(feed.heads.length, 50);
  assert.deepEqual(seqs(), range(46, 95));
});

test("the window is bounded: away from the end new events wait to be fetched", async () => {
  log.add(5);
  await feed.open();
  feed.following = false;
  for (let round = 0; round < 10; round += 1) feed.receive(log.add(10));
  assert.ok(feed.heads.length <= 50);
  assert.equal(feed.heads[0].seq, 1);
  assert.equal(feed.heads.length + feed.pending, 105);
});

test("paused, new events are counted and not shown; resuming shows them all", async () => {
  log.add(3);
  await feed.open();
  feed.pause();
  feed.receive(log.add(4));
  assert.deepEqual([seqs().length, feed.pending], [3, 4]);
  await feed.resume();
  assert.deepEqual([seqs(), feed.pending], [range(1, 7), 0]);
});

test("after a long pause resuming jumps to the newest instead of fetching everything between", async () => {
  log.add(3);
  await feed.open();
  feed.pause();
  feed.receive(log.add(500));
  log.queries.length = 0;
  await feed.resume();
  assert.deepEqual(seqs(), range(494, 503));
  assert.equal(log.queries.length, 1);
});

test("live events of other sessions and kinds and noise stay out", async () => {
  await feed.open({ session: "s", kinds: new Set(["Stop"]), query: "" });
  feed.receive([...log.add(1), ...log.add(1, { session_id: "t" }), ...log.add(1, { kind: "Setup" }), ...log.add(1, { kind: "mpm.hook_execution" })]);
  assert.deepEqual(seqs(), [1]);
});

test("a text search asks the server about new events, because only it sees payloads", async () => {
  log.add(2, { text: "needle" });
  await feed.open({ session: "", kinds: null, query: "needle" });
  feed.receive([...log.add(1, { text: "hay" }), ...log.add(1, { text: "needle" })]);
  assert.deepEqual(seqs(), [1, 2]);
  await feed.newer();
  assert.deepEqual(seqs(), [1, 2, 4]);
});

test("an answer to an earlier filter is thrown away", async () => {
  log.add(5);
  let open;
  log.gate = new Promise((resolve) => (open = resolve));
  const first = feed.open({ session: "s", kinds: null, query: "" });
  log.gate = null;
  await feed.open({ session: "nobody", kinds: null, query: "" });
  open();
  await first;
  assert.deepEqual(seqs(), []);
});

test("around an event, both sides are there and the list stops following", async () => {
  log.add(100);
  await feed.open();
  await feed.around(40);
  assert.deepEqual(seqs(), range(31, 50));
  assert.equal(feed.following, false);
  assert.equal(feed.atTail, false);
});

test("scrolling down again reaches the live end without a gap", async () => {
  log.add(45);
  await feed.open();
  await feed.around(20);
  feed.receive(log.add(3));
  while (!feed.atTail) await feed.newer();
  feed.receive(log.add(1));
  assert.deepEqual(seqs(), range(11, 49));
});

test("a failed page leaves the rows and says so; a gap heals it", async () => {
  log.add(5);
  await feed.open();
  log.gate = Promise.reject(new Error("down"));
  await feed.gap();
  assert.equal(feed.error.message, "down");
  assert.equal(seqs().length, 5);
  log.gate = null;
  await feed.gap();
  assert.equal(feed.error, null);
});
