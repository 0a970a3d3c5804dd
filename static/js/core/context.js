// What a widget may use of the page, and no more.
// @ts-check
import * as format from "./format.js";

/** @typedef {Readonly<{store: import("./store.js").Store, api: import("./api.js").Api, commands: import("./commands.js").Commands, ask: import("./asking.js").Asking["ask"], format: typeof format, version: string}>} MonitorContext */

/** Version of this contract; a widget can refuse one it does not know. */
const VERSION = "1.1";

/** @param {import("./store.js").Store} store @param {import("./api.js").Api} api @param {import("./commands.js").Commands} commands @param {import("./asking.js").Asking["ask"]} ask @returns {MonitorContext} */
export function createContext(store, api, commands, ask) {
  return Object.freeze({ store, api, commands, ask, format, version: VERSION });
}
