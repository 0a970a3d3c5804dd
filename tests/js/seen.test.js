import assert from "node:assert/strict";
import { test } from "node:test";
import { Seen } from "../../static/js/core/seen.js";

test("what came while the reader looked away is marked, until it is marked as seen", () => {
  let last = 100;
  const seen = new Seen(() => last, () => {});
  seen.arrive();
  assert.equal(seen.mark, null);
  seen.leave();
  last = 120;
  seen.arrive();
  assert.equal(seen.mark, 100);
  seen.clear();
  assert.equal(seen.mark, null);
  seen.leave();
  seen.arrive();
  assert.equal(seen.mark, null);
});

test("a mark of another store marks nothing", () => {
  let last = 100;
  const seen = new Seen(() => last, () => {});
  seen.leave();
  last = 5;
  seen.arrive();
  assert.equal(seen.mark, null);
});
