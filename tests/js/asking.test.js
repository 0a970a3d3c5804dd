import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { Asking } from "../../static/js/core/asking.js";

/** A socket as socket.io-client has it, whose server answers with `answer`, or not at all. */
function socketThat(answer) {
  const socket = new EventEmitter();
  const said = [];
  socket.connected = false;
  socket.timeout = () => ({ emit: (event, message, done) => (said.push([event, message]), answer ? done(null, answer) : done(new Error("timed out"))) });
  socket.arrive = () => ((socket.connected = true), socket.emit("connect"));
  return { socket, said };
}

test("a plugin is asked once the page is connected, and its answer comes back", async () => {
  const { socket, said } = socketThat({ status: 200, body: { failed: 3 } });
  const asking = new Asking();
  const answer = asking.ask("acme", "totals", { session: "s" });
  asking.use(socket);
  assert.deepEqual(said, []);
  socket.arrive();
  assert.deepEqual(await answer, { failed: 3 });
  assert.deepEqual(said, [["ask", { plugin: "acme", name: "totals", data: { session: "s" } }]]);
});

test("what is refused, and what is not answered, is an error fit to show", async () => {
  for (const [answer, status, message] of [
    [{ status: 404, detail: "No plugin 'acme' answers 'x'." }, 404, /No plugin/],
    [null, 0, /may have stopped/],
  ]) {
    const { socket } = socketThat(answer);
    const asking = new Asking();
    asking.use(socket);
    socket.arrive();
    await assert.rejects(asking.ask("acme", "x"), (error) => error.name === "ApiError" && error.status === status && message.test(error.message));
  }
});

test("without a connection nothing is asked", async () => {
  const { socket, said } = socketThat({ status: 200, body: 1 });
  const asking = new Asking();
  asking.use(socket);
  socket.emit("connect_error", new Error("refused"));
  await assert.rejects(asking.ask("acme", "x"), { status: 0 });
  socket.arrive();
  assert.equal(await asking.ask("acme", "x"), 1);
  socket.connected = false;
  await assert.rejects(asking.ask("acme", "x"), { status: 0 });
  assert.equal(said.length, 1);
});
