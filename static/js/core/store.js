// The page's state: what is shown, the event window, the topics' documents. Every change is announced by topic.
// @ts-check
import { Documents } from "./documents.js";
import { EventWindow } from "./event-window.js";
import { ListsShown } from "./lists-shown.js";
import { Notifier } from "./notifier.js";
import { Recovery } from "./recovery.js";
import { Seen } from "./seen.js";
import { SessionList } from "./session-list.js";
import { chooseSession } from "./sessions.js";

const INITIAL = Object.freeze({
  tab: "overview", project: "", session: "", query: "", from: null, to: null, selection: null, families: Object.freeze([]), paused: false, connection: "connecting",
});

export class Store {
  /** @type {Readonly<import("./route.js").Route & {connection: string}>} */
  state = INITIAL;
  notifier = new Notifier();
  recovery = new Recovery(() => this.notifier.touch("state"));
  seen = new Seen(() => this.lastSeq, () => this.notifier.touch("events"));
  /** Highest event number the page has heard of. */
  lastSeq = 0;
  /** The server's own counters, from `stats`. @type {any} */
  stats = null;
  /** How much there is of what is shown, as the header counts it. @type {Record<string, number>|null} */
  totals = null;

  #api;
  #server = "";
  #documents;

  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.#api = api;
    this.sessions = new SessionList(this, api);
    this.shown = new ListsShown(this, api);
    this.events = new EventWindow(() => this.notifier.touch("events"));
    const shown = { scope: (/** @type {string} */ topic) => this.#scopeOf(topic), belongs: this.#belongs };
    this.#documents = new Documents(api, shown, (topic) => this.#changed(topic));
  }

  /** The session shown; "" means all. */
  get sessionId() {
    return this.#shown ?? "";
  }

  /** What is to be shown is known. */
  get settled() {
    return this.#shown !== null;
  }

  /** The session's document, when one session is shown and known. */
  get session() {
    return this.sessionId ? (this.documents("session").get(this.sessionId)?.value ?? this.lookup("session", this.sessionId)) : null;
  }

  /** What every list is narrowed down by: the session shown, or the project when all sessions are. */
  get scope() {
    return this.sessionId ? { session: this.sessionId } : { project: this.state.project || null };
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

  /** A topic's newest documents, two thousand at most; the first call begins to load them. @param {string} topic */
  documents(topic) {
    return this.#documents.table(topic);
  }

  /** The window on all of a topic's documents, however many; a view opens it with what it wants to see. @param {string} topic */
  list(topic) {
    return this.#documents.list(topic);
  }

  /** One document's value by its key, null while it is not known. @param {string} topic @param {string} key @returns {any} */
  lookup(topic, key) {
    return this.#documents.get(topic, key);
  }

  /** The server's totals of what is shown. */
  counts() {
    return this.#api.get("counts", this.scope);
  }

  /** Change parts of the state; whatever depends on them follows. @param {Partial<Store["state"]>} changes */
  update(changes) {
    const before = this.state;
    this.state = Object.freeze({ ...before, ...changes });
    this.notifier.touch("state");
    if (before.paused !== this.state.paused) this.#pause(this.state.paused);
    if (before.project !== this.state.project) this.#changeProject();
    else if (before.session !== this.state.session) this.#showSession();
    else if (before.families.join() !== this.state.families.join() || before.query !== this.state.query) this.#filterEvents();
  }

  /** Show something in the inspector. @param {import("./route.js").Selection|null} selection */
  select(selection) {
    this.update({ selection });
  }

  /** Bring an event into view in the list, dropping whatever filter hides it. @param {{seq: number, session_id: string}} head */
  async reveal(head) {
    const listed = this.events.head(head.seq) !== null;
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
    this.events.source = this.shown.events();
    await this.events.around({ seq: head.seq, itself: true });
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
    else if (server !== this.#server) this.#documents.reload();
    this.#server = server;
  }

  /** The live line is joined: from here on every change is heard, so fetch those made while it was not. */
  async joined() {
    await this.#documents.catchUp();
    this.recovery.joined(this.lastSeq);
  }

  /** @param {import("./event-window.js").Head[]} heads @param {number} lastSeq */
  receiveEvents(heads, lastSeq) {
    const fresh = heads.filter((head) => head.seq > this.lastSeq);
    this.lastSeq = Math.max(this.lastSeq, lastSeq ?? 0, heads.at(-1)?.seq ?? 0);
    this.events.receive(fresh);
    if (fresh.length) this.notifier.touch("counts");
  }

  /** @param {(import("./document-table.js").Document & {topic: string})[]} changes */
  receiveChanges(changes) {
    this.#documents.apply(changes);
  }

  receiveStats(stats) {
    this.stats = stats;
    this.notifier.touch("stats");
  }

  /** Too much was missed for the live line: read everything shown again. @param {number} lastSeq */
  reload(lastSeq) {
    this.lastSeq = lastSeq;
    this.events.gap();
    this.#documents.reload();
    this.notifier.touch("counts");
  }

  /** @type {string|null} the session the windows and the tables were opened for */
  #shown = null;

  #changed(topic) {
    this.notifier.touch(topic);
    if (topic === "session" && this.#shown !== null && !this.state.paused) this.#showSession();
  }

  /** What narrows a topic down to what is shown; sessions are those to choose from. @param {string} topic */
  #scopeOf(topic) {
    if (topic === "session") return { project: this.state.project || null };
    // Before a session is chosen nobody knows whose documents to ask for; choosing one asks.
    return this.#shown === null ? null : this.scope;
  }

  /** Whether a live document is of what is shown. @param {any} document */
  #belongs = (document) => {
    const { project } = this.state;
    if (document.topic !== "session" && this.sessionId) return document.session_id === this.sessionId;
    if (!project) return true;
    return (document.topic === "session" ? document.value : this.lookup("session", document.session_id))?.project === project;
  };

  /** Sessions of another project are no choice any more: read which there are before one is chosen. */
  async #changeProject() {
    const project = this.state.project;
    await this.#documents.reopen(["session"]);
    if (project !== this.state.project) return;
    this.#shown = null;
    await this.#showSession();
  }

  async #showSession() {
    if (this.#openSession()) await this.#filterEvents();
  }

  /** Load the documents of the session that is now to be shown; false when it is the one shown already. */
  #openSession() {
    const chosen = chooseSession(this.sessions.all, this.state.session, this.sessionId);
    if (chosen === this.#shown) return false;
    this.#shown = chosen;
    this.#documents.reopen();
    this.notifier.touch("state");
    this.notifier.touch("counts");
    return true;
  }

  #filterEvents() {
    return this.events.open(this.shown.events());
  }

  #pause(paused) {
    this.#documents.pause(paused);
    if (paused) {
      this.notifier.hold([...this.#documents.topics, "counts"].filter((topic) => topic !== "session"));
      this.events.pause();
    } else {
      this.notifier.release();
      this.events.resume();
      this.#showSession();
    }
  }
}
