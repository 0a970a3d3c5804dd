// What is frequent among the events found, above their list: each value goes into the search, or out of it.
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Answer } from "../core/answer.js";
import { baseName, count, plural, shortId } from "../core/format.js";
import { kindName } from "../core/kinds.js";
import { preference, setPreference } from "../core/preferences.js";
import { sessionName } from "../core/sessions.js";
import { icon } from "../ui/icons.js";
import { statusShape, statusWord } from "../ui/status.js";

/** How long the search has to stand, ms: facets are for whoever has stopped typing, and results come first. */
const CALM = 250;
const HEADINGS = { kind: "Kind", tool: "Tool", status: "Status", agent: "Agent", project: "Project", session: "Session" };

export class EventFacets {
  #store;
  #onChange;
  #answer;
  /** The search that a facet has led to. @type {string|undefined} */
  #led;
  #chosen = preference("facets", "");

  /** @param {{store: import("../core/store.js").Store, api: import("../core/api.js").Api}} monitor @param {() => void} onChange */
  constructor({ store, api }, onChange) {
    this.#store = store;
    this.#onChange = onChange;
    const ask = async (query) => ({ ...(await api.get("search/facets", query)), query: query.q ?? "" });
    this.#answer = new Answer(ask, onChange);
  }

  /** Shown unless there is little room; what the reader chooses is remembered. @param {boolean} narrow */
  isOpen(narrow) {
    return this.#chosen ? this.#chosen === "open" : !narrow;
  }

  /** @param {boolean} narrow */
  toggle(narrow) {
    this.#chosen = this.isOpen(narrow) ? "closed" : "open";
    setPreference("facets", this.#chosen);
    this.#onChange();
  }

  /** Ask about what is listed, once the list itself is there. @param {boolean} moved more events have come */
  follow(moved) {
    const { events, settled, shown, state } = this.#store;
    if (!settled || events.loading || events.error) return;
    const query = shown.eventQuery();
    this.#answer.ask(query, (query.q ?? "") === this.#led ? 0 : CALM);
    if (moved && !state.paused) this.#answer.stale();
  }

  /** @param {boolean} narrow */
  button(narrow) {
    return html`<button class="chip" aria-expanded=${this.isOpen(narrow)} aria-controls=${this.#shown(narrow).length ? "facets" : nothing} aria-busy=${this.isOpen(narrow) && this.#isBehind()} title="Key f" @click=${() => this.toggle(narrow)}>${icon("sliders")}Facets</button>`;
  }

  /** @param {boolean} narrow */
  render(narrow) {
    const { value } = this.#answer;
    const shown = this.#shown(narrow);
    if (!shown.length) return nothing;
    return html`<div class="facets" id="facets" role="group" aria-label=${`Most frequent ${value.exact ? "" : this.#bound(value)}`}>
      <div class="columns">${repeat(shown, ({ field }) => field, (facet) => this.#facet(facet, value.query))}</div>
      ${value.exact ? nothing : html`<p class="bound quiet">${this.#bound(value)}</p>`}
    </div>`;
  }

  /** @param {boolean} narrow */
  #shown(narrow) {
    const { value } = this.#answer;
    if (!value || !this.isOpen(narrow) || this.#store.events.error) return [];
    return value.facets.filter(({ values }) => values.length > 1 || values.some(({ chosen }) => chosen));
  }

  /** What is shown is of a search before this one: the button says that others are coming. */
  #isBehind() {
    const { events, settled } = this.#store;
    return !events.error && (!settled || events.loading || this.#answer.isOfAnother);
  }

  #bound({ counted }) {
    return `of the newest ${count(counted)}`;
  }

  #facet({ field, values, others }, query) {
    return html`<section role="group" aria-label=${HEADINGS[field]}>
      <h3>${HEADINGS[field]}${others ? html` <span title=${plural(others, "more value")}>+${count(others)}</span>` : nothing}</h3>
      ${repeat(values, ({ value }) => value, (each) => html`<button class="facet" aria-pressed=${each.chosen} title=${each.value} @click=${() => this.#choose(each, query)}>
        <span>${this.#name(field, each.value)}</span><span class="number quiet">${count(each.count)}</span></button>`)}
    </section>`;
  }

  #name(field, value) {
    if (field === "kind") return kindName(value);
    if (field === "project") return baseName(value);
    if (field === "status") return html`<span class="status" data-status=${value}>${statusShape(value)}${statusWord(value)}</span>`;
    if (field !== "session") return value;
    const session = this.#store.lookup("session", value);
    return session ? sessionName(session) : shortId(value);
  }

  /** What it leads to was worked out for the query that was asked about; whoever types is ahead of that. */
  #choose({ query }, asked) {
    if (asked !== this.#store.state.query) return;
    this.#led = query;
    this.#store.update({ query });
  }
}
