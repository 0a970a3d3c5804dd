// Chooses the session: a button that opens a searchable list, live sessions first.
import { html, nothing } from "lit";
import { moment } from "../core/format.js";
import { ALL, inOrder, projectName, sessionName } from "../core/sessions.js";
import { icon } from "../ui/icons.js";
import { moveCursor } from "../ui/row-cursor.js";
import { statusMark } from "../ui/status.js";
import { LightElement } from "./light-element.js";

/** As many as anyone scrolls through; the field above finds the rest. */
const MOST = 100;

class SessionPicker extends LightElement {
  topics = ["state", "session"];
  #open = false;
  #query = "";
  #active = 0;

  connectedCallback() {
    super.connectedCallback();
    this.classList.add("session-picker");
    this.addEventListener("focusout", (event) => {
      if (!this.contains(event.relatedTarget)) this.#close();
    });
  }

  render() {
    const { store } = this;
    return html`
      <button class="button" aria-haspopup="listbox" aria-expanded=${this.#open} @click=${() => (this.#open ? this.#close() : this.#show())}>
        <span class="visually-hidden">Session: </span>${this.#current(store.session)}${icon("down")}
      </button>
      ${this.#open ? this.#menu() : nothing}
    `;
  }

  #current(session) {
    if (!this.store.sessionId) return html`<span class="current">All sessions</span>`;
    if (!session) return html`<span class="current">${this.store.sessionId.slice(0, 8)}</span>`;
    const newest = this.store.state.session === "" ? "newest" : "";
    return html`${statusMark(session.status)}<span class="current">${projectName(session)}<small>${[newest, session.branch, sessionName(session)].filter(Boolean).map((part) => ` · ${part}`)}</small></span>`;
  }

  #menu() {
    const choices = this.#choices();
    return html`<div class="session-menu">
      <input class="input" placeholder="Find a session" aria-label="Find a session" role="combobox" aria-expanded="true" aria-controls="session-list"
        aria-activedescendant="session-${this.#active}" autocomplete="off" @input=${this.#onInput} @keydown=${this.#onKey}>
      <ul id="session-list" role="listbox" aria-label="Sessions">
        ${choices.map((choice, index) => html`<li id="session-${index}" role="option" ?data-active=${index === this.#active}
          aria-selected=${this.#isCurrent(choice)} @mousedown=${(event) => event.preventDefault()} @click=${() => this.#choose(choice)}>${this.#row(choice)}</li>`)}
        ${choices.length ? nothing : html`<li class="none" role="presentation">No such session</li>`}
      </ul>
    </div>`;
  }

  #row(choice) {
    if (choice === "") return html`<span class="all">Newest session, as it comes</span>`;
    if (choice === ALL) return html`<span class="all">All sessions</span>`;
    return html`${statusMark(choice.status)}<span class="name">${sessionName(choice)}</span><span class="when">${moment(choice.started_at ?? choice.last_at)}</span>
      <span class="where">${[projectName(choice), choice.branch].filter(Boolean).join(" · ")}</span>`;
  }

  #choices() {
    const sessions = inOrder(this.store.documents("session").all.map((document) => document.value));
    const words = this.#query.toLowerCase();
    const fits = (session) => `${sessionName(session)} ${session.project} ${session.branch} ${session.session_id} ${session.status}`.toLowerCase().includes(words);
    return words ? sessions.filter(fits).slice(0, MOST) : ["", ALL, ...sessions.slice(0, MOST)];
  }

  #isCurrent(choice) {
    const { session } = this.store.state;
    return typeof choice === "string" ? choice === session : choice.session_id === session;
  }

  async #show() {
    [this.#open, this.#query] = [true, ""];
    this.#active = Math.max(0, this.#choices().findIndex((choice) => this.#isCurrent(choice)));
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector("input").focus();
  }

  #close() {
    this.#open = false;
    this.requestUpdate();
  }

  #choose(choice) {
    this.store.update({ session: typeof choice === "string" ? choice : choice.session_id });
    this.#close();
    this.querySelector("button").focus();
  }

  #onInput = (event) => {
    [this.#query, this.#active] = [event.target.value, 0];
    this.requestUpdate();
  };

  #onKey = (event) => {
    const choices = this.#choices();
    if (event.key === "Escape") this.#close();
    else if (event.key === "Enter" && choices[this.#active] !== undefined) this.#choose(choices[this.#active]);
    else if (event.key.length === 1 || event.key === "Home" || event.key === "End") return;
    else this.#active = moveCursor(event.key, this.#active, choices.length, 8) ?? this.#active;
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    this.requestUpdate();
    this.updateComplete.then(() => this.querySelector("li[data-active]")?.scrollIntoView({ block: "nearest" }));
  };
}

customElements.define("monitor-session-picker", SessionPicker);
