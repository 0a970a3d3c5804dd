import assert from "node:assert/strict";
import { test } from "node:test";
import { diffLines, foldUnchanged, tally } from "../../static/js/core/diff.js";

const ops = (before, after) => diffLines(before, after).map((line) => line.op + line.text);

test("equal texts differ nowhere", () => {
  assert.deepEqual(ops("a\nb\n", "a\nb\n"), [" a", " b"]);
});

test("a changed line is removed, then added", () => {
  assert.deepEqual(ops("a\nb\nc", "a\nX\nc"), [" a", "-b", "+X", " c"]);
});

test("an empty text has no lines", () => {
  assert.deepEqual(ops("", "a\n"), ["+a"]);
  assert.deepEqual(ops("a\n", ""), ["-a"]);
  assert.deepEqual(ops("", ""), []);
});

test("Windows line ends do not make every line different", () => {
  assert.deepEqual(ops("a\r\nb\r\n", "a\nb\n"), [" a", " b"]);
});

test("lines carry their numbers in both texts", () => {
  const lines = diffLines("a\nb", "b\nc", 10);
  assert.deepEqual(lines.map(({ op, before, after }) => [op, before, after]), [["-", 10, null], [" ", 11, 10], ["+", null, 11]]);
});

test("the difference is the shortest one", () => {
  assert.deepEqual(tally(diffLines("a\nb\nc\nd\ne", "b\nc\nX\nd\ne\nf")), { added: 2, removed: 1 });
});

test("applying a random difference gives the other text", () => {
  let seed = 7;
  const random = (below) => (seed = (seed * 16807) % 2147483647) % below;
  for (let round = 0; round < 200; round += 1) {
    const text = () => Array.from({ length: random(12) }, () => "abc"[random(3)]).join("\n");
    const [before, after] = [text(), text()];
    const lines = diffLines(before, after);
    const side = (op) => lines.filter((line) => line.op !== op).map((line) => line.text).join("\n");
    assert.equal(side("+"), before);
    assert.equal(side("-"), after);
  }
});

test("two huge different texts are compared at once, as one block each", () => {
  const before = Array.from({ length: 5000 }, (_, index) => `old ${index}`).join("\n");
  const after = Array.from({ length: 5000 }, (_, index) => `new ${index}`).join("\n");
  assert.deepEqual(tally(diffLines(before, after)), { added: 5000, removed: 5000 });
});

test("long unchanged stretches are folded, three lines kept beside a change", () => {
  const before = Array.from({ length: 40 }, (_, index) => `${index}`).join("\n");
  const folded = foldUnchanged(diffLines(before, before.replace("\n20\n", "\nX\n")));
  assert.deepEqual(folded.map((line) => line.skipped ?? line.op), [17, " ", " ", " ", "-", "+", " ", " ", " ", 16]);
});

test("folding copes with any number of lines", () => {
  const lines = diffLines("", Array.from({ length: 300_000 }, (_, index) => `${index}`).join("\n"));
  assert.equal(foldUnchanged(lines).length, 300_000);
});
