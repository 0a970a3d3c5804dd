// The live line to the server: one Socket.IO connection, resumed by sequence number after every break.
// @ts-check
import { io } from "socket.io-client";
import { watchReader } from "./seen.js";

/** After this long without a connection the page says so plainly instead of "reconnecting". */
const GIVE_UP_HOPE = 15_000;

/**
 * @param {import("./store.js").Store} store
 * @param {string} [url]
 */
export function connect(store, url = `${location.origin}/v1`) {
  const socket = io(url, { transports: ["websocket", "polling"], reconnectionDelay: 300, reconnectionDelayMax: 3000 });
  let hopeless = 0;

  const lost = () => {
    store.recovery.lost(store.lastSeq);
    store.update({ connection: store.state.connection === "disconnected" ? "disconnected" : "reconnecting" });
    hopeless ||= setTimeout(() => store.update({ connection: "disconnected" }), GIVE_UP_HOPE);
  };
  socket.on("connect", () => {
    clearTimeout(hopeless);
    hopeless = 0;
    store.update({ connection: "connected" });
  });
  socket.on("disconnect", lost);
  socket.on("connect_error", lost);

  socket.on("hello", (hello) => {
    store.greet(hello);
    socket.emit("resume", { after: store.lastSeq }, async () => {
      await store.joined();
      watchReader(store.seen);
    });
  });
  socket.on("events", ({ events, last_seq: lastSeq }) => store.receiveEvents(events, lastSeq));
  socket.on("changes", ({ changes }) => store.receiveChanges(changes));
  socket.on("stats", (stats) => store.receiveStats(stats));
  socket.on("reset", ({ last_seq: lastSeq }) => store.reload(lastSeq));
  socket.on("plugins", () => store.notifier.touch("plugins"));
  return socket;
}
