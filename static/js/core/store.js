// The page's state: what is shown, the event window, the topics' documents. Every change is announced by topic.
// @ts-check
import { DocumentTable } from "./document-table.js";
import { EventFeed } from "./event-feed.js";
import { kindsOf } from "./kinds.js";
import { Notifier } from "./notifier.js";
import { SessionList } from "./session-list.js";
import { chooseSession } from "./sessions.js";

/** Topics whose documents belong to one session and are loaded for the session shown. */
const SESSION_TOPICS = ["agent", "tool_call", "file", "turn", "usage"];

const INITIAL = Object.freeze({
  tab: "events", project: "", session: "", query: "", from: null, to: null, selection: null, families: Object.freeze([]), paused: false, connection: "connecting",
});

export class Store {
  /** @type {Readonly<import("./route.js").Route & {families: readonly string[], connection: string}>} */
  state = INITIAL;
  notifier = new Notifier();
  sessions = new SessionList(this);
  /** Highest event number the page has heard of. */
  lastSeq = 0;
  /** Kinds met so far, for filters. @type {Set<string>} */
  seenKinds = new Set();
  /** The server's own counters, from `stats`. @type {any} */
  stats = null;

  #api;
  #server = "";
  /** @type {Map<string, DocumentTable>} */
  #tables = new Map();
  #searching = 0;

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api;
    this.events = new EventFeed((query) => this.#fetchEvents(query), () => this.notifier.touch("events"));
  }

  /** The session shown; "" means all. */
  get sessionId() {
    return this.#shown ?? "";
  }

  /** The session's document, when one session is shown and known. */
  get session() {
    return this.documents("session").get(this.sessionId)?.value ?? null;
  }

  /** Load what the page needs first. */
  async start() {
    await this.documents("session").loaded;
    await this.#showSession();
  }

  /**
   * Hear about changes, at most once a frame. Topics: "state", "events", "counts", "stats" and every document topic.
   * @param {string[]} topics
   * @param {(changed: Set<string>) => void} callback
   * @returns {() => void} ends the subscription
   */
  subscribe(topics, callback) {
    return this.notifier.subscribe(topics, callback);
  }

  /** A topic's documents; the first call begins to load them. @param {string} topic */
  documents(topic) {
    const known = this.#tables.get(topic);
    if (known) return known;
    const table = new DocumentTable((query) => this.#api.documents(topic, query), () => this.#changed(topic));
    this.#tables.set(topic, table);
    // Before a session is chosen nobody knows whose documents to ask for; choosing one asks.
    if (!SESSION_TOPICS.includes(topic)) table.open("");
    else if (this.#shown !== null) table.open(this.#shown);
    return table;
  }

  /** The server's totals of a session, or of all. @param {string} session */
  counts(session) {
    return this.#api.get("counts", { session });
  }

  /** Change parts of the state; whatever depends on them follows. @param {Partial<Store["state"]>} changes */
  update(changes) {
    const before = this.state;
    this.state = Object.freeze({ ...before, ...changes });
    this.notifier.touch("state");
    if (before.paused !== this.state.paused) this.#pause(this.state.paused);
    if (before.session !== this.state.session || before.project !== this.state.project) this.#showSession();
    else if (before.families !== this.state.families || before.query !== this.state.query) this.#filterEvents();
  }

  /** Show something in the inspector. @param {import("./route.js").Selection|null} selection */
  select(selection) {
    this.update({ selection });
  }

  /** Bring an event into view in the list, dropping whatever filter hides it. @param {{seq: number, session_id: string}} head */
  async reveal(head) {
    const listed = this.events.heads[this.events.indexOf(head.seq)]?.seq === head.seq;
    this.events.following = false;
    if (listed) this.update({ tab: "events" });
    else await this.#revealElsewhere(head);
    this.notifier.touch("reveal");
  }

  async #revealElsewhere(head) {
    const session = this.sessionId && head.session_id !== this.sessionId ? head.session_id : this.state.session;
    this.state = Object.freeze({ ...this.state, tab: "events", query: "", families: INITIAL.families, session });
    this.notifier.touch("state");
    this.#openSession();
    this.events.filter = this.#filter;
    await this.events.around(head.seq);
  }

  /**
   * A connection was made. A log shorter than the one known is another log, and another server may have derived
   * its documents anew: start over.
   * @param {{last_seq: number, server_id: string}} hello
   */
  greet({ last_seq: lastSeq, server_id: server }) {
    const first = this.#server === "";
    if (lastSeq < this.lastSeq || this.events.error) this.reload(lastSeq);
    else if (first) this.lastSeq = this.events.complete;
    else if (server !== this.#server) this.#reloadTables();
    this.#server = server;
  }

  /** The live line is joined: from here on every change is heard, so fetch those made while it was not. */
  async joined() {
    await Promise.allSettled([...this.#tables.values()].map((table) => table.catchUp()));
  }

  /** @param {import("./event-feed.js").Head[]} heads @param {number} lastSeq */
  receiveEvents(heads, lastSeq) {
    const fresh = heads.filter((head) => head.seq > this.lastSeq);
    this.lastSeq = Math.max(this.lastSeq, lastSeq ?? 0, heads.at(-1)?.seq ?? 0);
    for (const head of fresh) this.seenKinds.add(head.kind);
    this.events.receive(fresh);
    if (fresh.length) this.notifier.touch("counts");
    if (this.state.query && this.events.following) this.#searching ||= setTimeout(() => this.#searchOn(), 400);
  }

  /** @param {(import("./document-table.js").Document & {topic: string})[]} changes */
  receiveChanges(changes) {
    const topics = new Set(changes.map((change) => change.topic));
    for (const topic of topics) this.#tables.get(topic)?.apply(changes.filter((change) => change.topic === topic));
  }

  receiveStats(stats) {
    this.stats = stats;
    this.notifier.touch("stats");
  }

  /** Too much was missed for the live line: read everything shown again. @param {number} lastSeq */
  reload(lastSeq) {
    this.lastSeq = lastSeq;
    this.events.gap();
    this.#reloadTables();
    this.notifier.touch("counts");
  }

  /** @type {string|null} the session the feed and the tables were opened for */
  #shown = null;

  get #filter() {
    return { session: this.sessionId, kinds: kindsOf(this.state.families, this.seenKinds), query: this.state.query };
  }

  #changed(topic) {
    this.notifier.touch(topic);
    if (topic === "session" && this.#shown !== null && !this.state.paused) this.#showSession();
  }

  async #showSession() {
    if (this.#openSession()) await this.#filterEvents();
  }

  /** Load the documents of the session that is now to be shown; false when it is the one shown already. */
  #openSession() {
    const chosen = chooseSession(this.sessions.all, this.state.session, this.#ofProject ? this.sessionId : "");
    if (chosen === this.#shown) return false;
    this.#shown = chosen;
    for (const topic of SESSION_TOPICS) this.#tables.get(topic)?.open(chosen);
    this.notifier.touch("state");
    this.notifier.touch("counts");
    return true;
  }

  /** Whether the session shown may stay: what is of one project is not shown under another. */
  get #ofProject() {
    const { project } = this.state;
    return !project || this.session === null || this.session.project === project;
  }

  #reloadTables() {
    for (const table of this.#tables.values()) table.reload();
  }

  #filterEvents() {
    return this.events.open(this.#filter);
  }

  #searchOn() {
    this.#searching = 0;
    if (this.events.following) this.events.newer();
  }

  #pause(paused) {
    if (paused) {
      this.notifier.hold([...this.#tables.keys(), "counts"].filter((topic) => topic !== "session"));
      this.events.pause();
    } else {
      this.notifier.release();
      this.events.resume();
      this.#showSession();
    }
  }

  async #fetchEvents(query) {
    const page = await this.#api.events(query);
    for (const head of page.events) this.seenKinds.add(head.kind);
    return page;
  }
}
