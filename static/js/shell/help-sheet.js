// The help sheet: every key, by group, as the key table has them; those of the open view first.
import { html } from "lit";
import { KEYMAP, keyName } from "../core/keymap.js";
import { Sheet } from "./sheet.js";

class HelpSheet extends Sheet {
  label = "Keyboard";
  /** @type {import("../core/commands.js").Commands} set by the page */
  commands;

  renderSheet() {
    const known = new Set(KEYMAP.map(({ id }) => id));
    const added = this.commands.available.filter(({ id, keys }) => keys.length && !known.has(id));
    const groups = new Map();
    for (const entry of [...added, ...KEYMAP]) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
    return html`<header><h2>Keyboard</h2><button class="button" @click=${() => this.close()}>Close</button></header>
      <div class="help" tabindex="0" role="region" aria-label="Keys">${[...groups].map(([group, entries]) => html`<section><h3>${group}</h3><dl>${entries.map(row)}</dl></section>`)}</div>`;
  }
}

function row({ title, keys }) {
  return html`<div><dt>${title}</dt><dd>${keys.map((key) => html`<kbd>${keyName(key)}</kbd>`)}</dd></div>`;
}

customElements.define("monitor-help", HelpSheet);
