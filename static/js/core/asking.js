// Questions to plugins, over the page's one socket: each gets its answer by acknowledgement.
// @ts-check
import { ApiError } from "./api.js";

/** A plugin has 10 seconds, and others may be before it (ms). */
const PATIENCE = 25_000;

export class Asking {
  #connected;
  #found;

  constructor() {
    this.#found = new Promise((resolve) => (this.#connected = resolve));
  }

  /** Ask over this socket, from its first connection on, or its first failure to connect. @param {any} socket */
  use(socket) {
    for (const event of ["connect", "connect_error"]) socket.once(event, () => this.#connected(socket));
  }

  /**
   * What a plugin answers to a message it has registered; rejects with an ApiError.
   * @param {string} plugin @param {string} name @param {any} [data] anything JSON can tell
   * @returns {Promise<any>}
   */
  ask = async (plugin, name, data = null) => {
    const socket = await this.#found;
    if (!socket.connected) throw unanswered();
    const answer = await new Promise((resolve, reject) => {
      socket.timeout(PATIENCE).emit("ask", { plugin, name, data }, (error, told) => (error ? reject(unanswered()) : resolve(told)));
    });
    if (answer.status !== 200) throw new ApiError(`${plugin} does not answer`, answer.detail, answer.status);
    return answer.body;
  };
}

function unanswered() {
  return new ApiError("The monitor does not answer", "It may have stopped; the page goes on trying.", 0);
}
