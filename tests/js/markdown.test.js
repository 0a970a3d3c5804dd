import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBlocks, parseSpans } from "../../static/js/inspector/markdown.js";

const types = (text) => parseBlocks(text).map(({ type }) => type);

test("paragraphs, headings, lists, quotes, rules and code are told apart", () => {
  const text = "# Title\nA line\nof prose\n\n- one\n  - two\n1. first\n> said\n---\n```py\nx = 1\n\n# no heading\n```\nend";
  assert.deepEqual(types(text), ["h", "p", "list", "quote", "rule", "code", "p"]);
  assert.deepEqual(parseBlocks(text)[5], { type: "code", text: "x = 1\n\n# no heading", language: "py" });
  assert.deepEqual(parseBlocks("- a\n  more\n  - b")[0].items, [{ depth: 0, text: "a\nmore" }, { depth: 1, text: "b" }]);
});

test("code, strong, emphasis and links are parts of a line; a link keeps its address", () => {
  assert.deepEqual(parseSpans("a `b` **c** *d* [e](https://f)").filter(({ type }) => type !== "text"), [
    { type: "code", text: "b" }, { type: "strong", text: "c" }, { type: "em", text: "d" }, { type: "link", text: "e", href: "https://f" },
  ]);
});

test("what is no markup stays as it was written", () => {
  for (const text of ["2 * 3 * 4", "a_b_c", "**", "[x]", "<b>bold</b>", "`open", "* * text"]) {
    assert.equal(parseSpans(text).map((span) => span.text).join(""), text, text);
  }
});

test("no letter of any text is lost", () => {
  const letters = "a *`#->[]()\n1.~ ";
  let seed = 7;
  const next = (below) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  for (let round = 0; round < 2000; round += 1) {
    const text = Array.from({ length: next(40) }, () => letters[next(letters.length)]).join("");
    const shown = parseBlocks(text).map((block) => block.text ?? (block.items ?? []).map((item) => item.text).join("\n")).join("\n");
    const count = (value) => [...value].filter((letter) => letter === "a").length;
    const language = [...text.matchAll(/^\s{0,3}(?:`{3,}|~{3,})\s*([\w+#.-]*)/gm)].reduce((sum, found) => sum + count(found[1]), 0);
    assert.ok(count(shown) + language >= count(text.replace(/(`{3,}|~{3,}).*/g, "")), JSON.stringify(text));
  }
});

test("hostile lengths do not stall", () => {
  const began = performance.now();
  for (const text of ["*".repeat(30_000), "`".repeat(30_000), "[".repeat(30_000), "**a ".repeat(8_000), "- ".repeat(15_000), "> ".repeat(15_000)]) {
    for (const block of parseBlocks(text)) parseSpans(block.text ?? "");
  }
  assert.ok(performance.now() - began < 2000);
});
