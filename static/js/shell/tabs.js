// The tab bar: one tab a widget placed there; the open one's panel is shown.
import { html, nothing } from "lit";
import { count } from "../core/format.js";
import { LightElement } from "./light-element.js";

/** Totals worth showing beside a built-in tab's name. */
const COUNTED = { "monitor.agents": "agents", "monitor.tools": "tool_calls", "monitor.files": "files" };

class Tabs extends LightElement {
  topics = ["state", "totals"];
  /** @type {{name: string, spec: import("../core/widget-host.js").WidgetSpec}[]} */
  tabs = [];
  #seen = "";

  render() {
    const { tab } = this.store.state;
    return html`<div role="tablist" aria-label="Views" @keydown=${this.#onKey}>
      ${this.tabs.map(({ name, spec }, index) => html`<button role="tab" id="tab-${name}" aria-controls="panel-${name}" aria-selected=${name === tab}
        tabindex=${name === tab ? 0 : -1} title=${index < 9 ? `Key ${index + 1}` : nothing} @click=${() => this.store.update({ tab: name })}>${spec.title}${this.#number(spec.id)}</button>`)}
    </div>`;
  }

  /** Where the tabs do not fit, the open one is what must be seen. */
  updated() {
    const { tab } = this.store.state;
    if (tab === this.#seen) return;
    this.#seen = tab;
    this.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #number(id) {
    const size = this.store.totals?.[COUNTED[id]];
    return size ? html`<span class="number">${count(size)}</span>` : nothing;
  }

  #onKey = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const index = this.tabs.findIndex(({ name }) => name === this.store.state.tab);
    const { name } = this.tabs[(index + step + this.tabs.length) % this.tabs.length];
    this.store.update({ tab: name });
    this.querySelector(`#tab-${name}`)?.focus();
  };
}

customElements.define("monitor-tabs", Tabs);
