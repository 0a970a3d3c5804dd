// The inspector: always exactly what is selected, readable first, with the full JSON one press away.
import { LitElement, html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { Loader } from "../core/loader.js";
import { controls } from "../ui/styles.js";
import { costBody } from "./cost-body.js";
import { drawings } from "./drawings.js";
import { eventBody } from "./event-body.js";
import { actions, leave, title } from "./head.js";
import { agentBody, eventLinks, fileBody, sessionBody, toolCallBody, turnBody } from "./span-body.js";
import { blocks, frame } from "./styles.js";
import { fetchSubject, subjectKey } from "./subject.js";
import "./safe-body.js";

const KEYS = [["j", "next row"], ["k", "previous row"], ["/", "search"], ["1–9", "change view"], ["Ctrl K", "commands"], ["?", "all keys"]];

/** Least time between two readings of a cost, ms. */
const COST_BEAT = 1000;

class Inspector extends LitElement {
  static styles = [controls, frame, blocks];

  /** @type {import("../core/store.js").Store} */
  store;
  /** @type {import("../core/api.js").Api} */
  api;
  #loader;
  #costs = 0;
  #json = false;
  #copied = false;

  /** @param {import("../core/store.js").Store} store @param {import("../core/api.js").Api} api */
  attach(store, api) {
    this.store = store;
    this.api = api;
    this.#loader = new Loader((key, signal) => fetchSubject(key, api, signal), () => this.requestUpdate());
    store.subscribe(["state"], () => this.#follow());
    store.subscribe(["tool_call", "agent", "file", "turn", "session"], () => this.#keepFresh());
    store.subscribe(["usage"], () => this.#keepCostFresh());
    this.#follow();
  }

  shouldUpdate() {
    return this.store !== undefined;
  }

  #follow() {
    this.#copied = false;
    this.#loader.want(subjectKey(this.store.state.selection));
    this.requestUpdate();
  }

  /** A document that moved on since it was read, or a tool call that got its next event, is read again. */
  #keepFresh() {
    const { key, value, loading } = this.#loader;
    if (!value || loading || key === null) return;
    const [topic, id] = value.type === "event" ? ["tool_call", `${value.event.session_id}/${value.event.tool_use_id}`] : [value.type, value.key];
    if (value.type === "event" && !value.event.tool_use_id) return;
    const now = this.store.lookup(topic, id);
    if (!now) return;
    value.readAs ??= isSame(value.document ?? now, now) ? now : value.document;
    if (now !== value.readAs) this.#loader.want(key, { fresh: true });
  }

  /** Sums move with every answer of a running session; once a second is soon enough. */
  #keepCostFresh() {
    if (this.#loader.value?.type !== "cost") return;
    this.#costs ||= setTimeout(() => {
      this.#costs = 0;
      if (this.#loader.value?.type === "cost" && !this.#loader.loading) this.#loader.want(this.#loader.key, { fresh: true });
    }, COST_BEAT);
  }

  render() {
    const { key, value, error, loading } = this.#loader;
    if (key === null) return this.#nothing();
    if (value === null) return this.#coming(loading) ?? this.#unready(error, loading);
    const what = value.event ?? value.document;
    if (!what) return this.#unready(new Error("It is no longer stored, or not yet."), false);
    return html`
      <header class="head">${title(value, this.store)}${actions(value, this)}</header>
      <div class="body" tabindex="0" role="region" aria-label="Details">
        ${this.#json ? html`<monitor-json .value=${value.event ? value.event.payload : value.document}></monitor-json>` : this.#readable(value)}
      </div>
    `;
  }

  #readable(value) {
    // What is drawn stays, and is told of what changed; any other body is a new one.
    const stays = value.type === "cost" || drawings.has(value);
    return html`
      ${keyed(stays ? value.key : value, html`<monitor-safe-body .value=${value} .draw=${(subject) => this.#draw(subject)}></monitor-safe-body>`)}
      ${value.type === "event" ? nothing : eventLinks(value.events, (head) => this.open(head), this.store, value.events.length >= 200)}
    `;
  }

  #draw(value) {
    if (value.type === "event") return eventBody(value.event);
    if (value.type === "cost") return costBody(value, this);
    if (value.type === "tool_call") return toolCallBody(value.document, value.events, this.store);
    if (value.type === "agent") return agentBody(value.document);
    if (value.type === "file") return fileBody(value.document, value.calls, this.store);
    return (value.type === "turn" ? turnBody : sessionBody)(value.document, this.store);
  }

  #nothing() {
    return html`<div class="body"><div class="message">
      <h2>Nothing selected</h2>
      <p>Choose a row to see what it holds.</p>
      <ul class="keys">${KEYS.map(([key, what]) => html`<li><kbd>${key}</kbd> ${what}</li>`)}</ul>
    </div></div>`;
  }

  /** While an event's payload is under way its head is known from the list already. */
  #coming(loading) {
    const { selection } = this.store.state;
    const { events } = this.store;
    const head = selection?.type === "event" ? events.head(Number(selection.key)) : null;
    if (!loading || head === null) return null;
    const value = { type: "event", event: head, events: [] };
    return html`<header class="head">${title(value, this.store)}${actions(value, this)}</header><div class="body" aria-busy="true"></div>`;
  }

  #unready(error, loading) {
    return html`
      <header class="head"><div class="title"><h2>${loading ? "Loading…" : "Not found"}</h2>
        <button class="button plain" @click=${leave}>Close</button></div></header>
      <div class="body">${error ? html`<div class="message" role="alert"><h2>${error.title ?? "Nothing here"}</h2><p>${error.message}</p>
        <p><button class="button" @click=${() => this.#loader.want(this.#loader.key, { fresh: true })}>Try again</button></p></div>` : nothing}</div>`;
  }

  get json() {
    return this.#json;
  }

  get copied() {
    return this.#copied;
  }

  toggleJson() {
    this.#json = !this.#json;
    this.requestUpdate();
  }

  /** Copy the full payload, whatever part of it is on screen. */
  async copy() {
    if (this.#shown) await this.#write(JSON.stringify(this.#loader.value.event ? this.#shown.payload : this.#shown, null, 2));
  }

  copyLink() {
    return this.#write(location.href);
  }

  async #write(text) {
    await navigator.clipboard.writeText(text);
    this.#copied = true;
    this.requestUpdate();
  }

  /** The event or document shown, when it is there. */
  get #shown() {
    const { value } = this.#loader;
    return value?.event ?? value?.document ?? null;
  }

  focus() {
    this.renderRoot.querySelector(".body")?.focus();
  }

  get canReveal() {
    return this.#loader.value?.type === "event";
  }

  reveal() {
    this.store.reveal(this.#loader.value.event);
  }

  /** Whether the tool call has an event so many steps on. @param {number} by */
  canStep(by) {
    return this.#step(by) !== undefined;
  }

  /** @param {number} by */
  step(by) {
    this.open(this.#step(by));
  }

  #step(by) {
    const { event, events } = this.#loader.value ?? {};
    return event && events[events.findIndex((/** @type {any} */ head) => head.seq === event.seq) + by];
  }

  /** Select another event. @param {{seq: number}} head */
  open(head) {
    this.store.select({ type: "event", key: String(head.seq) });
  }
}

/** Whether a document is as it was: it may have moved on between its reading and the first news of it. */
function isSame(one, other) {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

customElements.define("monitor-inspector", Inspector);
