import assert from "node:assert/strict";
import { test } from "node:test";
import { DocumentWindow } from "../../static/js/core/document-window.js";
import { EventWindow } from "../../static/js/core/event-window.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));
const seqs = ({ rows }) => rows.map(({ seq }) => seq);
const heads = (...numbers) => numbers.map((seq) => ({ seq, kind: "Stop", session_id: "s" }));

/** A server with events 1 … last; `gate` holds answers back. */
function log(last, { live = (head) => head.kind === "Stop", counted = true } = {}) {
  const server = {
    last, asked: [], gate: null, fails: false,
    source: {
      matches: live,
      async fetch(from, direction, limit) {
        server.asked.push([from?.seq ?? null, direction]);
        const upTo = server.last;
        await server.gate;
        if (server.fails) throw new Error("down");
        const first = direction === "up" ? Math.max(1, (from ? from.seq : upTo + 1) - limit) : from ? from.seq + (from.itself ? 0 : 1) : 1;
        const end = direction === "up" ? (from ? from.seq - 1 : upTo) : Math.min(upTo, first + limit - 1);
        const rows = end < first ? [] : heads(...Array.from({ length: end - first + 1 }, (_, index) => first + index));
        return { rows, more: direction === "up" ? first > 1 : end < upTo, upTo };
      },
      count: async () => (counted ? server.last : null),
      place: ({ seq }) => seq,
      at: (seq) => ({ seq, itself: true }),
    },
  };
  return server;
}

const windowOf = (options = {}) => new EventWindow(() => {}, { page: 10, limit: 40, ...options });

test("a window opens at the newest rows and knows where they stand in the whole list", async () => {
  const window = windowOf();
  await window.open(log(1000).source);
  assert.deepEqual([window.rows.length, window.rows.at(-1).seq, window.offset, window.size, window.atEnd], [10, 1000, 990, 1000, true]);
});

test("live heads are appended; far rows go, so the window never grows beyond its limit and a page", async () => {
  const window = windowOf();
  await window.open(log(100).source);
  for (let seq = 101; seq <= 5100; seq += 1) window.receive(heads(seq));
  assert.ok(window.rows.length <= 50);
  assert.deepEqual([window.rows.at(-1).seq, window.size, window.offset + window.rows.length], [5100, 5100, 5100]);
  assert.deepEqual(seqs(window), [...seqs(window)].sort((a, b) => a - b));
});

test("paging up keeps positions, and drops the far end once the reader has left it", async () => {
  const window = windowOf();
  await window.open(log(200).source);
  window.following = false;
  for (let page = 0; page < 5; page += 1) await window.extend("up");
  assert.equal(window.rows.length, 40);
  assert.equal(window.rows[0].seq, window.offset + 1);
  assert.equal(window.atEnd, false);
  await window.extend("down");
  assert.deepEqual(seqs(window), Array.from({ length: window.rows.length }, (_, index) => window.rows[0].seq + index));
});

test("nothing is lost or shown twice when events come in while a page is under way", async () => {
  const server = log(100);
  const window = windowOf();
  let open;
  server.gate = new Promise((resolve) => (open = resolve));
  const opening = window.open(server.source);
  window.receive(heads(101, 102));
  server.last = 102;
  window.receive(heads(103));
  open();
  await opening;
  assert.deepEqual(seqs(window).slice(-4), [100, 101, 102, 103]);
});

test("nothing is lost when events come in while the last page below is under way", async () => {
  const server = log(100);
  const window = windowOf();
  await window.open(server.source);
  await window.around({ seq: 85, itself: true });
  let open;
  server.gate = new Promise((resolve) => (open = resolve));
  const extending = window.extend("down");
  server.last = 103;
  window.receive(heads(101, 102, 103));
  open();
  await extending;
  assert.deepEqual([window.rows.at(-1).seq, window.atEnd, window.pending], [103, true, 0]);
  assert.equal(new Set(seqs(window)).size, window.rows.length);
});

test("more live heads than can be kept while a page is under way are read from the server", async () => {
  const later = [];
  const server = log(100);
  const window = windowOf({ later: (run) => later.push(run) });
  let open;
  server.gate = new Promise((resolve) => (open = resolve));
  const opening = window.open(server.source);
  for (let seq = 101; seq <= 3000; seq += 100) window.receive(heads(...Array.from({ length: 100 }, (_, index) => seq + index)));
  server.last = 3000;
  open();
  await opening;
  assert.equal(window.atEnd, false);
  later.shift()();
  await settled();
  assert.deepEqual([window.atEnd, window.rows.at(-1).seq], [true, 3000]);
});

test("paused, new events are counted; then few are appended and many make a fresh window", async () => {
  for (const many of [3, 30]) {
    const server = log(100);
    const window = windowOf();
    await window.open(server.source);
    window.pause();
    window.receive(heads(...Array.from({ length: many }, (_, index) => 101 + index)));
    server.last = 100 + many;
    assert.deepEqual([window.pending, window.rows.at(-1).seq, window.size], [many, 100, 100 + many]);
    await window.resume();
    assert.deepEqual([window.pending, window.rows.at(-1).seq, window.atEnd], [0, 100 + many, true]);
  }
});

test("the scrollbar reaches any place, and paging on from there has no holes", async () => {
  const window = windowOf();
  await window.open(log(100_000).source);
  await window.jump(50_000);
  assert.ok(Math.abs(window.rows[0].seq - 50_000) < 30);
  assert.ok(Math.abs(window.offset - window.rows[0].seq) < 30);
  await window.extend("up");
  await window.extend("down");
  assert.deepEqual(seqs(window), Array.from({ length: window.rows.length }, (_, index) => window.rows[0].seq + index));
  await window.jump(0);
  assert.deepEqual([window.rows[0].seq, window.offset], [1, 0]);
  await window.jump(99_999);
  assert.deepEqual([window.rows.at(-1).seq, window.atEnd], [100_000, true]);
});

test("the surroundings of an event are read on both sides", async () => {
  const window = windowOf();
  await window.open(log(1000).source);
  await window.around({ seq: 500, itself: true });
  assert.deepEqual([window.rows[0].seq, window.rows.at(-1).seq, window.head(500).seq, window.following], [490, 509, 500, false]);
});

test("an answer to a question no longer asked is never shown", async () => {
  const slow = log(100);
  let open;
  slow.gate = new Promise((resolve) => (open = resolve));
  const window = windowOf();
  const first = window.open(slow.source);
  await window.open(log(5).source);
  open();
  await first;
  assert.deepEqual(seqs(window), [1, 2, 3, 4, 5]);
  assert.equal(window.size, 5);
});

test("what only the server can match is looked for at a steady beat, however much comes in", async () => {
  const later = [];
  const server = log(100, { live: null });
  const window = windowOf({ later: (run) => later.push(run) });
  await window.open(server.source);
  server.last = 150;
  for (let seq = 101; seq <= 150; seq += 1) window.receive(heads(seq));
  assert.equal(later.length, 1);
  later.shift()();
  await settled();
  assert.equal(window.rows.at(-1).seq, 150);
});

test("a failed reading is said, and the rows stay", async () => {
  const server = log(100);
  const window = windowOf();
  await window.open(server.source);
  server.fails = true;
  await window.extend("up");
  assert.equal(window.error.message, "down");
  assert.equal(window.rows.length, 10);
});

const document = (key, seq, value = {}) => ({ key, session_id: "s", seq, place: seq, value });

function topic(documents) {
  const server = {
    documents, fetched: 0,
    source: {
      async fetch(from, direction, limit) {
        server.fetched += 1;
        const sorted = [...server.documents].sort((a, b) => b.seq - a.seq).map((row) => ({ ...row, place: row.seq }));
        const fitting = from ? sorted.filter((row) => (direction === "down" ? row.seq < from.place : row.seq > from.place)) : sorted;
        const rows = direction === "down" ? fitting.slice(0, limit) : fitting.slice(-limit);
        return { rows, more: rows.length < fitting.length };
      },
      count: async () => server.documents.length,
      place: (row) => row.place,
      at: (place) => ({ place }),
    },
  };
  return server;
}

const clockOf = (later) => ({ later: (run) => later.push(run), now: () => 0 });
const many = (length) => Array.from({ length }, (_, index) => document(`k${index}`, index + 1));

test("a document held is brought up to date at once, a new one with the next reading of the top", async () => {
  const server = topic(many(30));
  const window = new DocumentWindow(() => {}, { page: 10, clock: clockOf([]) });
  await window.open(server.source);
  server.documents = [...server.documents, document("new", 31)];
  window.apply([document("k29", 32, { status: "ok" }), document("new", 31)]);
  assert.deepEqual([window.rows[0].key, window.rows[0].value.status], ["k29", "ok"]);
  await window.refresh();
  assert.deepEqual(window.rows.slice(0, 2).map(({ key }) => key), ["new", "k29"]);
  assert.deepEqual([window.rows.length, window.size], [11, 31]);
});

test("after a flood between two readings no hole is left", async () => {
  const server = topic(many(30));
  const window = new DocumentWindow(() => {}, { page: 10, clock: clockOf([]) });
  await window.open(server.source);
  server.documents = many(100);
  window.stale();
  await window.refresh();
  assert.deepEqual(window.rows.map(({ key }) => key), Array.from({ length: 10 }, (_, index) => `k${99 - index}`));
  assert.equal(window.atBottom, false);
});

test("a stream of changes is one reading a beat, and none while the reader is elsewhere", async () => {
  const later = [];
  const server = topic(many(30));
  const window = new DocumentWindow(() => {}, { page: 10, clock: clockOf(later) });
  await window.open(server.source);
  for (let round = 0; round < 100; round += 1) {
    window.apply([document("x", 31 + round)]);
    window.keepUp();
  }
  await settled();
  assert.equal(server.fetched, 2);
  while (later.length) later.shift()();
  window.following = false;
  window.apply([document("y", 200)]);
  window.keepUp();
  assert.deepEqual([server.fetched, window.pending], [2, 1]);
});
