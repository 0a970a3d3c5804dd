import assert from "node:assert/strict";
import { test } from "node:test";
import { Api } from "../../static/js/core/api.js";
import { deleteSearch, saveSearch, savedSearches, searchesWith } from "../../static/js/core/saved-searches.js";

const SLOW = { id: "a/b", name: "Slow builds", query: "tool:Bash dur>5s" };
const FAILED = { id: "c", name: "Failed", query: "status:error" };

/** A server that answers the same to everything, and remembers what it was asked. */
function apiThat(status, value) {
  const asked = [];
  const api = new Api("/", async (url, { method = "GET", body }) => {
    asked.push([method, url, body && JSON.parse(body)]);
    return new Response(JSON.stringify(value), { status });
  });
  return { api, asked };
}

test("searches are found by words of their name and of their query", () => {
  assert.deepEqual(searchesWith([FAILED, SLOW], "bash slow"), [SLOW]);
  assert.deepEqual(searchesWith([FAILED, SLOW], "E"), [FAILED, SLOW].filter(({ name, query }) => /e/i.test(name + query)));
  assert.deepEqual(searchesWith([FAILED, SLOW], "slow error"), []);
});

test("a search is read, saved and deleted by its address", async () => {
  const { api, asked } = apiThat(200, { searches: [SLOW] });
  assert.deepEqual(await savedSearches(api), [SLOW]);
  await saveSearch(api, SLOW.name, SLOW.query);
  await deleteSearch(api, SLOW);
  assert.deepEqual(asked, [
    ["GET", "/searches", undefined],
    ["POST", "/searches", { name: SLOW.name, query: SLOW.query }],
    ["DELETE", "/searches/a%2Fb", undefined],
  ]);
});

test("a search that another page has deleted is deleted; what is refused is not", async () => {
  await deleteSearch(apiThat(404, { title: "Not found" }).api, SLOW);
  await assert.rejects(deleteSearch(apiThat(507, { title: "Not stored", detail: "full" }).api, SLOW), /full/);
});
