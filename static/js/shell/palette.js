// The command palette: views, actions and sessions by name, and the search for whatever is typed.
import { html, nothing } from "lit";
import { keyName } from "../core/keymap.js";
import { moveCursor } from "../ui/row-cursor.js";
import { Sheet } from "./sheet.js";

class Palette extends Sheet {
  label = "Command palette";
  /** @type {import("../core/commands.js").Commands} set by the page */
  commands;
  /** Finds what else there is, by name. @type {(words: string) => Promise<any[]>} */
  find = async () => [];
  #query = "";
  #active = 0;
  #found = [];
  #asked = 0;

  opened() {
    [this.#query, this.#active, this.#found] = ["", 0, []];
    this.#look();
    this.querySelector("input")?.focus();
  }

  renderSheet() {
    const items = this.#items();
    return html`
      <input class="input" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-label="Command, view, session or search" autocomplete="off" spellcheck="false"
        placeholder="Command, view, session or search" aria-activedescendant=${items.length ? `palette-${this.#active}` : nothing}
        .value=${this.#query} @input=${this.#onInput} @keydown=${this.#onItemKey}>
      <ul id="palette-list" role="listbox" aria-label="Results">
        ${items.map((item, index) => html`<li id="palette-${index}" role="option" aria-selected=${index === this.#active}
          @mousedown=${(event) => event.preventDefault()} @click=${() => this.#run(item)}>
          <span class="group">${item.group}</span><span class="title">${item.title}</span>${(item.keys ?? []).slice(0, 1).map((key) => html`<kbd>${keyName(key)}</kbd>`)}</li>`)}
      </ul>`;
  }

  #items() {
    const words = this.#query.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ({ title, group }) => words.every((word) => `${title} ${group}`.toLowerCase().includes(word));
    return [...this.commands.available.filter((command) => command.id !== "palette.open" && fits(command)), ...this.#found];
  }

  async #look() {
    const asked = ++this.#asked;
    const found = await this.find(this.#query.trim()).catch(() => []); // without an answer there are still the commands
    if (asked !== this.#asked) return;
    this.#found = found;
    this.requestUpdate();
  }

  #run(item) {
    this.close();
    item.run();
  }

  #onInput = (event) => {
    [this.#query, this.#active] = [event.target.value, 0];
    this.#look();
    this.requestUpdate();
  };

  #onItemKey = (event) => {
    const items = this.#items();
    if (event.key === "Enter" && items[this.#active]) this.#run(items[this.#active]);
    else if (event.key.length === 1 || event.key === "Home" || event.key === "End") return;
    else this.#active = moveCursor(event.key, this.#active, items.length, 8) ?? this.#active;
    if (event.key.startsWith("Arrow") || event.key.startsWith("Page") || event.key === "Enter") event.preventDefault();
    this.requestUpdate();
    this.updateComplete.then(() => this.querySelector("li[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
  };
}

customElements.define("monitor-palette", Palette);
