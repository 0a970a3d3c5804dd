import assert from "node:assert/strict";
import { test } from "node:test";
import { DocumentTable } from "../../static/js/core/document-table.js";

const document = (key, seq, value = {}, session = "s") => ({ key, session_id: session, seq, value });
const tableOf = (pages, options) => new DocumentTable(async () => pages.shift() ?? { documents: [], next: null }, () => {}, options);

test("the newest page is read at once, the others when a list asks for them", async () => {
  const table = tableOf([{ documents: [document("a", 2)], next: "before=2" }, { documents: [document("b", 1)], next: null }]);
  await table.open({ session: "s" }, ({ session_id: session }) => session === "s");
  assert.deepEqual([table.size, table.complete, table.loading], [1, false, false]);
  await table.rest();
  assert.deepEqual([table.size, table.complete], [2, true]);
});

test("the rest stops at the limit and says that there is more", async () => {
  const page = (key) => ({ documents: [document(`${key}1`, 1), document(`${key}2`, 1)], next: "more" });
  const table = tableOf([page("a"), page("b"), page("c"), page("d")], { limit: 6, page: 2 });
  await table.open({ session: "s" }, ({ session_id: session }) => session === "s");
  await table.rest();
  await table.rest();
  assert.deepEqual([table.size, table.complete], [6, false]);
});

test("a live change wins over an older page, and an older change loses", async () => {
  const table = tableOf([{ documents: [document("a", 5, { state: "page" })], next: null }]);
  await table.open({ session: "s" }, ({ session_id: session }) => session === "s");
  table.apply([document("a", 6, { state: "live" })]);
  table.apply([document("a", 4, { state: "late" })]);
  assert.equal(table.get("a").value.state, "live");
});

test("changes of other sessions stay out", async () => {
  const table = tableOf([]);
  await table.open({ session: "s" }, ({ session_id: session }) => session === "s");
  table.apply([document("x", 1, {}, "t")]);
  assert.equal(table.size, 0);
});

test("another session starts empty; an answer for the one before is thrown away", async () => {
  let open;
  const answers = [new Promise((resolve) => (open = resolve)), { documents: [document("b", 1, {}, "t")], next: null }];
  const table = new DocumentTable(async () => answers.shift(), () => {});
  const first = table.open({ session: "s" }, ({ session_id: session }) => session === "s");
  await table.open({ session: "t" }, ({ session_id: session }) => session === "t");
  open({ documents: [document("a", 1)], next: null });
  await first;
  assert.deepEqual(table.all.map(({ key }) => key), ["b"]);
});

test("memory is bounded, the newest are kept", async () => {
  const table = tableOf([], { limit: 10 });
  await table.open({ session: "s" }, ({ session_id: session }) => session === "s");
  table.apply(Array.from({ length: 30 }, (_, index) => document(`k${index}`, index)));
  assert.deepEqual([table.size, table.complete, table.get("k29") !== undefined], [10, false, true]);
});

test("a failure is kept to be shown", async () => {
  const table = new DocumentTable(async () => Promise.reject(new Error("down")), () => {});
  await table.open({ session: "s" }, ({ session_id: session }) => session === "s");
  assert.equal(table.error.message, "down");
});

test("catching up asks only for what changed since, and keeps the rest", async () => {
  const asked = [];
  const pages = [{ documents: [document("a", 7), document("b", 3)], next: null }, { documents: [document("a", 7), document("c", 9)], next: null }];
  const table = new DocumentTable(async (query) => (asked.push(query), pages.shift()), () => {});
  await table.open({ session: "s" }, ({ session_id: session }) => session === "s");
  await table.catchUp();
  assert.deepEqual(asked[1], { session: "s", after: 6, order: "asc", limit: 200 });
  assert.deepEqual(table.all.map(({ key, seq }) => [key, seq]), [["a", 7], ["b", 3], ["c", 9]]);
});
