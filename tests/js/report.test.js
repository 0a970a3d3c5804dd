import assert from "node:assert/strict";
import { test } from "node:test";
import { written } from "../../static/js/report/units.js";

test("values are written as the rest of the page writes their unit", () => {
  const texts = [[1234, "count"], [0.5, "count"], [2_500_000, "us"], ["0.0042", "usd"], [25, "percent"], [2048, "bytes"], ["<b>", "text"], [3, ""]].map(([value, unit]) => written(value, unit));
  assert.deepEqual(texts, ["1,234", "0.5", "2.50 s", "$0.0042", "25%", "2.0 kB", "<b>", "3"]);
});

test("what is not there, or is no number, is shown as it is", () => {
  assert.deepEqual([null, undefined, "", "many", NaN].map((value) => written(value, "count")), ["–", "–", "–", "many", "NaN"]);
});
