import assert from "node:assert/strict";
import { test } from "node:test";
import { charts } from "../../static/js/timeline/counters.js";
import { NARROW, gutter, placed, rowTop, spotAt, spotsIn, stepFrom } from "../../static/js/timeline/layout.js";
import { NARROWEST, WIDEST, fitted, kept, marks, panned, zoomed } from "../../static/js/timeline/scale.js";
import { TimelineView } from "../../static/js/timeline/view.js";
import { TimelineWindow } from "../../static/js/timeline/window.js";

const HOUR = 3_600_000_000;
const span = (start, end, row = 0, key = `k${start}`) => [start, end, row, "tool_call", "ok", 1, "Bash", key, false];
const lane = (spans, rows = 1, title = "main") => ({ session_id: "s", agent_id: title, depth: 0, title, detail: "", status: "ok", agents: 1, rows, spans, waits: [] });
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("what is under the pointer stays there while the time around it zooms", () => {
  const range = zoomed({ from: 1000 * HOUR, to: 1010 * HOUR }, 0.25, 1004 * HOUR);
  assert.equal(range.to - range.from, 2.5 * HOUR);
  assert.equal((1004 * HOUR - range.from) / (range.to - range.from), 0.4);
});

test("zooming ends at milliseconds and at years", () => {
  assert.equal(Math.round(zoomed({ from: 0, to: HOUR }, 1e-12, 5).to - zoomed({ from: 0, to: HOUR }, 1e-12, 5).from), NARROWEST);
  const wide = zoomed({ from: 0, to: HOUR }, 1e12, 5);
  assert.equal(wide.to - wide.from, WIDEST);
});

test("zooming in and out again comes back", () => {
  let range = { from: 5 * HOUR, to: 6 * HOUR };
  for (const factor of [0.5, 0.1, 0.3, 1 / 0.3, 10, 2]) range = zoomed(range, factor, 5.3 * HOUR);
  assert.ok(Math.abs(range.from - 5 * HOUR) < 10 && Math.abs(range.to - 6 * HOUR) < 10);
});

test("something of what there is stays in sight", () => {
  const extent = { from: 10 * HOUR, to: 20 * HOUR };
  assert.ok(kept(panned({ from: 12 * HOUR, to: 14 * HOUR }, 100 * HOUR), extent).from < extent.to);
  assert.ok(kept(panned({ from: 12 * HOUR, to: 14 * HOUR }, -100 * HOUR), extent).to > extent.from);
  const all = fitted(extent);
  assert.ok(all.from < extent.from && all.to > extent.to);
});

test("marks are far enough apart to be read, whatever is in sight", () => {
  for (let width = NARROWEST; width < WIDEST; width *= 1.7) {
    const { at, step } = marks({ from: 1.7e15, to: 1.7e15 + width }, 1200, -120);
    assert.ok(at.length <= 15 && (at.length >= 1 || width > WIDEST / 2), `${width}: ${at.length}`);
    assert.ok(at.every((time, index) => index === 0 || time - at[index - 1] === step));
  }
});

test("marks of days are at the reader's midnight", () => {
  const { at, step } = marks({ from: 1.7e15, to: 1.7e15 + 20 * 24 * HOUR }, 1200, -120);
  assert.ok(step >= 24 * HOUR);
  assert.equal((at[0] + 2 * HOUR) % (24 * HOUR), 0);
});

test("lanes lie below one another, with their names above them where it is narrow", () => {
  const wide = placed([lane([], 3), lane([])], false);
  const narrow = placed([lane([], 3), lane([])], true);
  assert.equal(wide.places[1].top, wide.places[0].height);
  assert.ok(narrow.height > wide.height);
  assert.ok(rowTop(wide.places[0], 2) + 18 <= wide.places[1].top);
  assert.equal(gutter(NARROW - 1), 0);
  assert.ok(gutter(1600) > 0);
});

test("a span is found where it is drawn, and a sliver near it", () => {
  const { places } = placed([lane([span(100, 200), span(300, 300)]), lane([span(100, null, 1)], 2, "b")], false);
  const y = rowTop(places[0], 0) + 5;
  assert.equal(spotAt(places, y, 150, 0, 900).span[0], 100);
  assert.equal(spotAt(places, y, 305, 10, 900).span[0], 300);
  assert.equal(spotAt(places, y, 250, 10, 900), null);
  assert.equal(spotAt(places, rowTop(places[1], 1) + 5, 850, 0, 900).span[0], 100, "what runs reaches until now");
  assert.equal(spotAt(places, 9999, 150, 0, 900), null);
});

test("arrow keys lead along a lane and to what is nearest in the next", () => {
  const { places } = placed([lane([span(100, 110), span(200, 210), span(300, 310)]), lane([span(290, 295), span(90, 95)], 1, "b")], false);
  const spots = spotsIn(places, { from: 0, to: 1000 }, 1000);
  assert.deepEqual(spots.map(({ span: [start] }) => start), [100, 200, 300, 90, 290]);
  assert.equal(stepFrom(spots, 0, "ArrowRight"), 1);
  assert.equal(stepFrom(spots, 2, "ArrowRight"), 2, "the lane ends");
  assert.equal(stepFrom(spots, 2, "ArrowDown"), 4);
  assert.equal(stepFrom(spots, 3, "ArrowUp"), 0);
  assert.equal(stepFrom(spots, 0, "ArrowUp"), 0);
  assert.equal(stepFrom(spots, -1, "ArrowDown"), 0);
  assert.equal(stepFrom([], -1, "End"), -1);
});

test("the address says what is in sight, and shows it again", () => {
  const extent = { from: 10 * HOUR, to: 20 * HOUR, live: false };
  const view = new TimelineView();
  view.read({ from: null, to: null }, 0);
  view.setExtent(extent, 0);
  assert.deepEqual(view.address(), { from: null, to: null });
  view.zoom(0.5, 15 * HOUR, 0);
  const address = view.address();
  const other = new TimelineView();
  other.read(address, 0);
  other.setExtent(extent, 0);
  assert.deepEqual(other.address(), address);
  view.read({ from: null, to: null }, 0);
  assert.deepEqual(view.range, fitted(extent), "back leads to all of it");
});

test("following keeps now in sight at the same zoom, until the reader moves away", () => {
  const view = new TimelineView();
  view.setExtent({ from: 0, to: 10 * HOUR, live: true }, 10 * HOUR);
  assert.ok(view.following, "all of it, and what is added");
  view.zoom(0.1, null, 10 * HOUR);
  assert.ok(view.following && view.range.to > 10 * HOUR, "by keys, zooming stays at now");
  view.follow(10 * HOUR);
  const width = view.range.to - view.range.from;
  assert.ok(view.advance(11 * HOUR));
  assert.ok(view.range.from < 11 * HOUR && view.range.to > 11 * HOUR);
  assert.ok(Math.abs(view.range.to - view.range.from - width) < 10);
  assert.equal(view.address().to, null);
  view.pan(-HOUR);
  assert.ok(!view.following && !view.advance(12 * HOUR));
  assert.ok(view.address().to !== null);
  view.fit();
  view.zoom(0.1, HOUR, 10 * HOUR);
  assert.ok(!view.following, "who looks closely at what was earlier does not follow");
});

test("the server is asked once for what is in sight and around it, and again when that is left", async () => {
  const asked = [];
  const answer = { lanes: [], extent: null };
  const known = new TimelineWindow(async (query) => (asked.push(query), answer), () => {});
  const range = { from: 100 * HOUR, to: 101 * HOUR };
  known.want({ session: "s" }, range, 1000);
  known.want({ session: "s" }, range, 1000);
  await settled();
  assert.equal(asked.length, 1);
  assert.ok(asked[0].from < range.from && asked[0].to > range.to && asked[0].width === 2000);
  known.want({ session: "s" }, panned(range, HOUR / 4), 1000);
  await settled();
  assert.equal(asked.length, 1, "what was asked for around it will do");
  known.want({ session: "s" }, panned(range, HOUR), 1000);
  await settled();
  assert.equal(asked.length, 2);
  known.want({ session: "s" }, zoomed(panned(range, HOUR), 0.2, 101.5 * HOUR), 1000);
  await settled();
  assert.equal(asked.length, 3, "closer by, there is more to be seen");
});

test("one question at a time, though who is told of an answer asks for more at once", async () => {
  const gates = [];
  let place = 0;
  const known = new TimelineWindow(() => new Promise((resolve) => gates.push(resolve)), () => known.want({}, range(), 1000));
  const range = () => ({ from: place * HOUR, to: (place + 1) * HOUR });
  known.want({}, range(), 1000);
  for (let answered = 0; answered < 4; answered += 1) {
    place += 10;
    known.want({}, range(), 1000);
    gates[answered]({ lanes: [] });
    await settled();
    assert.equal(gates.length, answered + 2);
  }
});

test("an answer about another session is not shown", async () => {
  const gates = [];
  const known = new TimelineWindow(() => new Promise((resolve) => gates.push(resolve)), () => {});
  known.want({ session: "a" }, null, 1000);
  known.want({ session: "b" }, null, 1000);
  gates[0]({ lanes: ["a"] });
  await settled();
  assert.equal(known.answer, null);
  gates[1]({ lanes: ["b"] });
  await settled();
  assert.deepEqual(known.answer, { lanes: ["b"] });
});

test("a failed reading is told and not repeated until something moves", async () => {
  let calls = 0;
  const known = new TimelineWindow(async () => { calls += 1; throw new Error("down"); }, () => {});
  const range = { from: 0, to: HOUR };
  known.want({ session: "a" }, range, 1000);
  await settled();
  known.want({ session: "a" }, range, 1000);
  await settled();
  assert.equal(known.error.message, "down");
  assert.equal(calls, 1);
});

test("charts are as high as what is in sight, and say what they show", () => {
  const counters = { from: 0, step: 10, tokens: [5, 2_000, 9], cost: [1e12, 2e12, 0], context: [null, 100, 200] };
  const [tokens, cost, context] = charts(counters, { from: 10, to: 30 });
  assert.equal(tokens.most, 2000);
  assert.match(tokens.text, /most 2/i);
  assert.match(cost.text, /2\.00/);
  assert.equal(context.most, 200);
  assert.equal(charts({ ...counters, context: null }, { from: 0, to: 30 }).length, 2);
});
