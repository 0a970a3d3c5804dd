// The header: connection, session, search, counters, pause and theme.
import { html, nothing } from "lit";
import { count } from "../core/format.js";
import { icon } from "../ui/icons.js";
import { statusShape } from "../ui/status.js";
import { Counters } from "./counters.js";
import { LightElement } from "./light-element.js";
import "./project-picker.js";
import "./session-picker.js";
import "./theme-button.js";

/** Typing pauses shorter than this do not search yet. */
const SETTLE = 180;

class Header extends LightElement {
  topics = ["state", "counts", "session"];
  #counters;
  #typing = 0;

  attach(store) {
    super.attach(store);
    this.#counters = new Counters(store, () => {
      store.totals = this.#counters.values;
      store.notifier.touch("totals");
      this.requestUpdate();
    });
  }

  changed(changed) {
    // Some numbers are derived, and follow the events they come from a moment later.
    if (changed.has("counts") || changed.has("session")) this.#counters.refresh();
    this.requestUpdate();
  }

  render() {
    const { connection, paused } = this.store.state;
    return html`
      <h1 class="brand">${icon("pulse")}<span>MPM Monitor</span></h1>
      <span class="connection" data-state=${connection} role="status">${statusShape(connection)}${connection}</span>
      <monitor-project-picker></monitor-project-picker>
      <monitor-session-picker></monitor-session-picker>
      ${this.#search()}
      ${this.#numbers()}
      <button class="button" aria-pressed=${paused} title="Space" @click=${() => this.store.update({ paused: !paused })}>
        ${paused ? html`${icon("play")}Resume` : html`${icon("pause")}Pause`}
      </button>
      <monitor-theme-button></monitor-theme-button>
    `;
  }

  firstUpdated() {
    for (const name of ["project", "session"]) this.querySelector(`monitor-${name}-picker`).attach(this.store);
  }

  focusSearch() {
    this.querySelector(".search input").focus();
  }

  pickProject() {
    this.querySelector("monitor-project-picker").show();
  }

  pickSession() {
    this.querySelector("monitor-session-picker").show();
  }

  nextTheme() {
    this.querySelector("monitor-theme-button").next();
  }

  updated() {
    const input = this.querySelector(".search input");
    if (document.activeElement !== input) input.value = this.store.state.query;
  }

  #search() {
    return html`<div class="search">
      ${icon("search")}
      <input class="input" type="search" placeholder="Search events, tools, files" aria-label="Search" autocomplete="off" spellcheck="false"
        @input=${this.#onInput} @keydown=${this.#onKey}>
      <kbd aria-hidden="true">/</kbd>
    </div>`;
  }

  #numbers() {
    const { values } = this.#counters;
    const number = (noun, value, name = nothing) => html`<div class=${name}><dt>${noun}${value === 1 ? "" : "s"}</dt><dd>${count(value)}</dd></div>`;
    return html`<dl class="counters">
      ${number("event", values?.events)}${number("tool call", values?.tool_calls, "tool-calls")}
      ${number("error", values?.errors, values?.errors ? "some-errors" : nothing)}${number("agent", values?.agents)}
    </dl>`;
  }

  #onInput = (event) => {
    const { value } = event.target;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.store.update({ query: value.trim() }), SETTLE);
  };

  #onKey = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.target.value = "";
    clearTimeout(this.#typing);
    this.store.update({ query: "" });
    event.target.blur();
  };
}

customElements.define("monitor-header", Header);
