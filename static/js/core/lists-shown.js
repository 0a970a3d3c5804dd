// What the page's windows read from: the server's lists, narrowed down to what the page shows.
// @ts-check
import { kindsOf } from "./kinds.js";
import { documentSource, eventSource } from "./sources.js";

/** What `counts` calls the number of a topic's documents. */
const COUNTS = { tool_call: "tool_calls", agent: "agents", file: "files", turn: "turns", session: "sessions" };

export class ListsShown {
  #store;
  #api;

  /** @param {import("./store.js").Store} store @param {import("./api.js").Api} api */
  constructor(store, api) {
    this.#store = store;
    this.#api = api;
  }

  /** What narrows events down, as the server takes it: what is shown, kinds and search. */
  eventQuery() {
    const { scope, state } = this.#store;
    const { only, but } = { only: null, but: null, ...kindsOf(state.families) };
    const kind = [...(only ?? []), ...[...(but ?? [])].map((name) => `-${name}`)].join(",");
    return { ...scope, kind: kind || null, q: state.query || null };
  }

  /** Events, narrowed by kinds and search too. */
  events() {
    const { scope, sessionId: session, state } = this.#store;
    const kinds = kindsOf(state.families);
    const { only, but } = { only: null, but: null, ...kinds };
    const covers = (/** @type {string} */ kind) => (!only || only.has(kind)) && !but?.has(kind);
    const matches = (/** @type {any} */ head) => (!session || head.session_id === session) && covers(head.kind);
    const live = state.query || scope.project ? null : matches; // what words match, and whose project it is, only the server knows
    const query = { ...this.eventQuery(), snippet: state.query ? 1 : null };
    return eventSource(this.#api, query, live, () => this.#count(state.query || kinds ? "" : "events"));
  }

  /**
   * A topic's documents.
   * @param {string} topic @param {Record<string, any>} query what narrows them down further
   * @param {{field: string, descending: boolean, missing: number|string}|null} [sort]
   */
  documents(topic, query, sort = null) {
    const narrowed = Object.values(query).some((value) => value);
    // The session shown is one of those to choose from; it does not narrow them down.
    const scope = topic === "session" ? { project: this.#store.state.project || null } : this.#store.scope;
    const counted = () => this.#count(narrowed ? "" : COUNTS[topic], scope);
    return documentSource(this.#api, topic, { ...query, ...scope }, sort, counted);
  }

  /** How many there are, when nothing narrows them down further. @param {string} name of the count, "" for unknown @param {Record<string, any>} [scope] */
  async #count(name, scope = this.#store.scope) {
    return name ? ((await this.#api.get("counts", scope))[name] ?? null) : null;
  }
}
