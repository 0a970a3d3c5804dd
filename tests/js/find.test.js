import assert from "node:assert/strict";
import { test } from "node:test";
import { linesWith, partsOf } from "../../static/js/core/find.js";

test("lines that hold a text are found, whatever its case", () => {
  assert.deepEqual(linesWith(["one", "Two ONE", "three"], "One"), [0, 1]);
  assert.deepEqual(linesWith(["one"], ""), []);
  assert.deepEqual(linesWith(["a.b"], "a+b"), []);
});

test("a line is taken apart into what is found and what is not, and is whole again", () => {
  assert.deepEqual(partsOf("aXbxc", "x"), ["a", "X", "b", "x", "c"]);
  assert.deepEqual(partsOf("xx", "x"), ["", "x", "", "x", ""]);
  assert.deepEqual(partsOf("abc", "z"), ["abc"]);
  for (const line of ["İstanbul is", "ßxß", "", "aaa"]) assert.equal(partsOf(line, "a").join(""), line);
});
