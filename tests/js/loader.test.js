import assert from "node:assert/strict";
import { test } from "node:test";
import { Loader } from "../../static/js/core/loader.js";

function slowLoader() {
  const waiting = new Map();
  const shown = [];
  const loader = new Loader((key) => new Promise((resolve, reject) => waiting.set(key, { resolve, reject })), () => shown.push([loader.key, loader.value]));
  const answer = async (key, value) => {
    waiting.get(key).resolve(value);
    await new Promise(setImmediate);
  };
  return { loader, shown, answer, waiting };
}

test("shows what was asked for", async () => {
  const { loader, answer } = slowLoader();
  loader.want("1");
  assert.equal(loader.loading, true);
  await answer("1", "one");
  assert.deepEqual([loader.key, loader.value, loader.loading], ["1", "one", false]);
});

test("a late answer for another key is never shown", async () => {
  const { loader, shown, answer } = slowLoader();
  loader.want("1");
  loader.want("2");
  await answer("2", "two");
  await answer("1", "one");
  assert.equal(loader.value, "two");
  assert.deepEqual(shown.filter(([key, value]) => value !== null && value !== { 1: "one", 2: "two" }[key]), []);
});

test("what was shown before is gone at once when another key is wanted", async () => {
  const { loader, answer } = slowLoader();
  loader.want("1");
  await answer("1", "one");
  loader.want("2");
  assert.equal(loader.value, null);
});

test("a key seen before is there at once", async () => {
  const { loader, answer } = slowLoader();
  loader.want("1");
  await answer("1", "one");
  loader.want("2");
  loader.want("1");
  assert.deepEqual([loader.value, loader.loading], ["one", false]);
});

test("reading again keeps what is shown until the new answer is here", async () => {
  const { loader, answer } = slowLoader();
  loader.want("1");
  await answer("1", "one");
  loader.want("1", { fresh: true });
  assert.equal(loader.value, "one");
  await answer("1", "one, later");
  assert.equal(loader.value, "one, later");
});

test("an error belongs to its key only", async () => {
  const { loader, waiting } = slowLoader();
  loader.want("1");
  waiting.get("1").reject(new Error("gone"));
  await new Promise(setImmediate);
  assert.equal(loader.error.message, "gone");
  loader.want("2");
  assert.equal(loader.error, null);
});

test("an answer that was overtaken is not remembered either", async () => {
  const answers = [];
  const loader = new Loader(() => new Promise((resolve) => answers.push(resolve)), () => {});
  loader.want("1");
  loader.want("1", { fresh: true });
  answers[1]("newer");
  answers[0]("older");
  await new Promise(setImmediate);
  loader.want("2");
  loader.want("1");
  assert.equal(loader.value, "newer");
});
