// A button that opens a searchable list of choices: what project and session are chosen with.
import { html, nothing } from "lit";
import { icon } from "../ui/icons.js";
import { moveCursor } from "../ui/row-cursor.js";
import { LightElement } from "./light-element.js";

/** Typing pauses shorter than this do not ask the server yet. ms */
const SETTLE = 120;

export class Picker extends LightElement {
  #open = false;
  #query = "";
  #active = 0;
  #choices = [];
  #asked = 0;
  #typing = 0;

  // A subclass gives: noun ("Session"), name ("session"), renderCurrent(), renderChoice(choice), isCurrent(choice), take(choice), and
  // choices(words), which may be a promise.

  connectedCallback() {
    super.connectedCallback();
    this.classList.add("picker", `${this.name}-picker`);
    this.addEventListener("focusout", (event) => {
      if (!this.contains(event.relatedTarget)) this.#close();
    });
  }

  render() {
    return html`
      <button class="button" aria-haspopup="listbox" aria-expanded=${this.#open} @click=${() => (this.#open ? this.#close() : this.show())}>
        <span class="visually-hidden">${this.noun}: </span>${this.renderCurrent()}${icon("down")}
      </button>
      ${this.#open ? this.#menu() : nothing}
    `;
  }

  #menu() {
    const find = `Find a ${this.noun.toLowerCase()}`;
    return html`<div class="picker-menu">
      <input class="input" placeholder=${find} aria-label=${find} role="combobox" aria-expanded="true" aria-controls="${this.name}-list"
        aria-activedescendant=${this.#choices.length ? `${this.name}-${this.#active}` : nothing} autocomplete="off" spellcheck="false" @input=${this.#onInput} @keydown=${this.#onKey}>
      <ul id="${this.name}-list" role="listbox" aria-label="${this.noun}s">
        ${this.#choices.map((choice, index) => html`<li id="${this.name}-${index}" role="option" ?data-active=${index === this.#active}
          aria-selected=${this.isCurrent(choice)} @mousedown=${(event) => event.preventDefault()} @click=${() => this.#choose(choice)}>${this.renderChoice(choice)}</li>`)}
      </ul>
      ${this.#choices.length ? nothing : html`<p class="none">No such ${this.noun.toLowerCase()}</p>`}
    </div>`;
  }

  async show() {
    [this.#open, this.#query] = [true, ""];
    await this.#look();
    this.#active = Math.max(0, this.#choices.findIndex((choice) => this.isCurrent(choice)));
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector("input")?.focus();
  }

  async #look() {
    const asked = ++this.#asked;
    const choices = await this.choices(this.#query.trim().toLowerCase());
    if (asked !== this.#asked) return;
    this.#choices = choices;
    this.requestUpdate();
  }

  #close() {
    this.#open = false;
    this.requestUpdate();
  }

  #choose(choice) {
    this.take(choice);
    this.#close();
    this.querySelector("button").focus();
  }

  #onInput = (event) => {
    [this.#query, this.#active] = [event.target.value, 0];
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#look(), SETTLE);
    this.requestUpdate();
  };

  #onKey = (event) => {
    if (event.key === "Escape") {
      this.#close();
      this.querySelector("button").focus();
    } else if (event.key === "Enter") this.#enter();
    else if (event.key.length === 1 || event.key === "Home" || event.key === "End") return;
    else this.#active = moveCursor(event.key, this.#active, this.#choices.length, 8) ?? this.#active;
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    this.requestUpdate();
    this.updateComplete.then(() => this.querySelector("li[data-active]")?.scrollIntoView({ block: "nearest" }));
  };

  /** Enter counts for what was typed, even if the answer to it is still under way. */
  async #enter() {
    clearTimeout(this.#typing);
    await this.#look();
    if (this.#choices[this.#active] !== undefined) this.#choose(this.#choices[this.#active]);
  }
}
