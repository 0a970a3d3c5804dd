// The sessions to choose from: of the chosen project, found by words, and which projects there are.
// @ts-check
import { projectName, sessionName } from "./sessions.js";

export class SessionList {
  #store;

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** Sessions known, of the chosen project if one is chosen. @returns {any[]} */
  get all() {
    const { project } = this.#store.state;
    const sessions = this.#store.documents("session").all.map((document) => document.value);
    return project ? sessions.filter((session) => session.project === project) : sessions;
  }

  /** @param {string} words in lower case, "" for all */
  find(words) {
    const text = (/** @type {any} */ session) => `${sessionName(session)} ${session.project} ${projectName(session)} ${session.branch} ${session.session_id} ${session.status}`;
    return this.all.filter((session) => text(session).toLowerCase().includes(words));
  }

  /** @returns {{project: string, sessions: number}[]} the ones with most sessions first */
  projects() {
    const counts = new Map();
    for (const { value } of this.#store.documents("session").all) counts.set(value.project, (counts.get(value.project) ?? 0) + 1);
    return [...counts].map(([project, sessions]) => ({ project, sessions })).sort((a, b) => b.sessions - a.sessions);
  }
}
