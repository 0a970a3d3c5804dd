import assert from "node:assert/strict";
import { test } from "node:test";
import { Answer } from "../../static/js/core/answer.js";

/** One whose answers and time are given by hand. */
function answerByHand() {
  const asked = [];
  const waiting = [];
  const clock = { later: (run) => waiting.push(run), now: () => 0 };
  const fetch = (query) => new Promise((answer) => asked.push({ query, answer }));
  return { answer: new Answer(fetch, () => {}, clock), asked, waiting };
}
const settled = () => new Promise(setImmediate);

test("while figures move the same question is asked once at a time, with rests between", async () => {
  const { answer, asked, waiting } = answerByHand();
  answer.ask({ by: "model", session: "s" });
  answer.stale();
  answer.stale();
  assert.equal(asked.length, 1);
  asked[0].answer({ costs: [] });
  await settled();
  assert.equal(asked.length, 1);
  waiting.shift()();
  assert.equal(asked.length, 2);
});

test("an answer to an earlier question is never shown", async () => {
  const { answer, asked } = answerByHand();
  answer.ask({ by: "model", session: "s" });
  answer.ask({ by: "day", session: "s" });
  asked[1].answer("days");
  asked[0].answer("models");
  await settled();
  assert.equal(answer.value, "days");
});

test("a question that has to stand for a while is not asked when another follows", async () => {
  const { answer, asked, waiting } = answerByHand();
  answer.ask({ q: "w" }, 250);
  answer.ask({ q: "wo" }, 250);
  answer.stale();
  assert.deepEqual([asked.length, answer.isOfAnother], [0, true]);
  for (const run of waiting.splice(0)) run();
  assert.deepEqual(asked.map(({ query }) => query), [{ q: "wo" }]);
  asked[0].answer("found");
  await settled();
  assert.deepEqual([answer.value, answer.loading, answer.isOfAnother], ["found", false, false]);
});
