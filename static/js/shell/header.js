// The header: connection, session, search, counters, pause and theme.
import { html, nothing } from "lit";
import { count } from "../core/format.js";
import { icon } from "../ui/icons.js";
import { statusShape } from "../ui/status.js";
import { Counters } from "./counters.js";
import { LightElement } from "./light-element.js";
import "./project-picker.js";
import "./search-box.js";
import "./session-picker.js";
import "./theme-button.js";

class Header extends LightElement {
  topics = ["state", "counts", "session", "theme"];
  /** Set by the page before it is attached. @type {import("../core/themes.js").Themes} */
  themes;
  #counters;

  attach(store, api) {
    super.attach(store);
    this.api = api;
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
      <monitor-search-box></monitor-search-box>
      ${this.#numbers()}
      <button class="button" aria-pressed=${paused} title="Space" @click=${() => this.store.update({ paused: !paused })}>
        ${paused ? html`${icon("play")}Resume` : html`${icon("pause")}Pause`}
      </button>
      <monitor-theme-button .themes=${this.themes} .chosen=${this.themes.chosen}></monitor-theme-button>
    `;
  }

  firstUpdated() {
    for (const name of ["project-picker", "session-picker", "search-box"]) this.querySelector(`monitor-${name}`).attach(this.store);
    this.querySelector("monitor-search-box").api = this.api;
  }

  focusSearch() {
    this.querySelector("monitor-search-box").focus();
  }

  pickProject() {
    this.querySelector("monitor-project-picker").show();
  }

  pickSession() {
    this.querySelector("monitor-session-picker").show();
  }

  #numbers() {
    const { values } = this.#counters;
    const number = (noun, value, name = nothing) => html`<div class=${name}><dt>${noun}${value === 1 ? "" : "s"}</dt><dd>${count(value)}</dd></div>`;
    return html`<dl class="counters">
      ${number("event", values?.events)}${number("tool call", values?.tool_calls, "tool-calls")}
      ${number("error", values?.errors, values?.errors ? "some-errors" : nothing)}${number("agent", values?.agents, "agents")}
    </dl>`;
  }
}

customElements.define("monitor-header", Header);
