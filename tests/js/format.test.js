import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../../static/js/core/format.js";

test("lengths of time keep about three digits", () => {
  const texts = [0, 400, 1_000, 24_400, 999_400, 1_000_000, 9_990_000, 42_123_000, 60_000_000, 3_723_000_000, 200_000_000_000].map((micros) => format.duration(micros));
  assert.deepEqual(texts, ["< 1 ms", "< 1 ms", "1 ms", "24 ms", "999 ms", "1.00 s", "9.99 s", "42.1 s", "1 min 00 s", "1 h 02 min", "2 d 7 h"]);
});

test("what is not known is a dash, never a zero", () => {
  assert.deepEqual([format.duration(null), format.time(undefined), format.count(null), format.ago(null)], ["–", "–", "–", "–"]);
});

test("a ticking clock shows whole seconds", () => {
  assert.deepEqual([format.elapsed(59_900_000), format.elapsed(61_000_000)], ["59 s", "1 min 01 s"]);
});

test("paths below a directory are shown relative to it, others in full", () => {
  assert.equal(format.relativePath("/work/app/src/a.py", "/work/app"), "src/a.py");
  assert.equal(format.relativePath("/work/apple/a.py", "/work/app"), "/work/apple/a.py");
  assert.equal(format.relativePath("C:\\app\\a.py", "C:\\app"), "a.py");
});

test("names of paths work for both kinds of separator", () => {
  assert.deepEqual([format.baseName("/a/b/"), format.baseName("C:\\a\\b.py"), format.baseName("x")], ["b", "b.py", "x"]);
});

test("a row's time has the day only when it is not today", () => {
  const midnight = new Date(2026, 0, 2).getTime();
  assert.match(format.rowTime((midnight + 1) * 1000, midnight), /^00:00:00\.001$|^24:00:00\.001$/);
  assert.match(format.rowTime((midnight - 60_000) * 1000, midnight), /1/);
});

test("sizes take the unit that keeps them short", () => {
  assert.deepEqual([0, 999, 1500, 12_345, 2_500_000, 69_499_700_000].map(format.size), ["0 B", "999 B", "1.5 kB", "12 kB", "2.5 MB", "69.5 GB"]);
});
