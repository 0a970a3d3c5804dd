import assert from "node:assert/strict";
import { test } from "node:test";
import { Board } from "../../static/js/core/board.js";

const SPECS = ["a.one", "a.two", "b.three"].map((id) => ({ id, title: id, columns: 4, rows: 6 }));

/** A server that keeps a board. */
function server(board = { tiles: [], seen: [], revision: 0 }) {
  return {
    board, fails: null,
    async get() {
      if (this.fails) throw this.fails;
      return this.board;
    },
    async put(path, wanted) {
      if (this.fails) throw this.fails;
      if (wanted.revision !== this.board.revision) throw Object.assign(new Error("changed"), { status: 409 });
      return (this.board = { ...wanted, revision: wanted.revision + 1 });
    },
  };
}

async function opened(api = server(), specs = SPECS) {
  const board = new Board(api, () => {});
  await board.load(specs);
  return board;
}
const ids = ({ tiles }) => tiles.map(({ id }) => id);

test("what the board has never had is put on it, and what was removed is not put on it again", async () => {
  const api = server();
  const board = await opened(api, SPECS.slice(0, 2));
  await board.remove("a.one");
  assert.deepEqual(ids(await opened(api)), ["a.two", "b.three"]);
});

test("tiles change places, and the server has them in that order", async () => {
  const api = server();
  const board = await opened(api);
  await board.move("b.three", 0);
  await board.move("a.one", 99);
  assert.deepEqual(ids(board), ["b.three", "a.two", "a.one"]);
  assert.deepEqual(ids(api.board), ids(board));
});

test("a tile is never larger than the board nor too small to be seen", async () => {
  const board = await opened();
  await board.resize("a.one", { columns: 99, rows: 0 });
  const { columns, rows } = board.tiles[0];
  assert.deepEqual([columns, rows], [12, 2]);
});

test("a widget can be there twice, with settings of its own", async () => {
  const board = await opened();
  await board.add(SPECS[0]);
  await board.configure("a.one-2", { limit: 3 });
  assert.deepEqual(board.tiles.filter(({ widget }) => widget === "a.one").map(({ id, settings }) => [id, settings]), [["a.one", {}], ["a.one-2", { limit: 3 }]]);
});

test("what was removed comes back where it was", async () => {
  const board = await opened();
  await board.remove("a.two");
  await board.undo();
  assert.deepEqual(ids(board), ["a.one", "a.two", "b.three"]);
});

test("changes made at once are stored one after another", async () => {
  const api = server();
  const board = await opened(api);
  await Promise.all([board.move("a.one", 2), board.resize("a.two", { columns: 6, rows: 8 }), board.remove("b.three")]);
  assert.equal(board.error, null);
  assert.deepEqual(api.board.tiles, board.tiles);
});

test("a board changed on another page is shown as it is there", async () => {
  const api = server();
  const [board, other] = [await opened(api), await opened(api)];
  await other.remove("a.one");
  await board.move("b.three", 0);
  assert.match(board.error.message, /another page/);
  assert.deepEqual(ids(board), ["a.two", "b.three"]);
  await board.move("b.three", 0);
  assert.equal(board.error, null);
});

test("a server that does not answer leaves the change on the page and says that it is not stored", async () => {
  const api = server();
  const board = await opened(api);
  api.fails = new Error("The monitor does not answer");
  await board.remove("a.one");
  assert.deepEqual([ids(board), board.error.message], [["a.two", "b.three"], "The monitor does not answer"]);
});

test("a widget whose plugin is gone keeps its place", async () => {
  const api = server();
  await opened(api);
  assert.deepEqual(ids(await opened(api, [])), ["a.one", "a.two", "b.three"]);
});

test("a change made while the board is being read again stays", async () => {
  const api = server();
  const board = await opened(api);
  let answer;
  const { get } = api;
  api.get = () => new Promise((resolve) => (answer = resolve));
  const reading = board.load(SPECS);
  await new Promise(setImmediate); // the question is on its way
  api.get = get;
  const before = api.board;
  await board.remove("a.two");
  answer(before);
  await reading;
  assert.deepEqual([ids(board), ids(api.board)], [["a.one", "b.three"], ["a.one", "b.three"]]);
});
