// The whole payload, pretty printed, keys told from values; long ones by pieces; a text in it is found.
import { LitElement, html, nothing } from "lit";
import { linesWith, partsOf } from "../core/find.js";
import { count } from "../core/format.js";

const FIRST = 400;
const LONGEST_LINE = 20_000;
const KEY = /^(\s*)("(?:[^"\\]|\\.)*")(: ?)(.*)$/s;
/** Lines shown beyond the one that was found. */
const BEYOND = 40;

class JsonView extends LitElement {
  static properties = { value: { attribute: false } };

  #lines = [];
  #shown = FIRST;
  #wanted = "";
  /** Numbers of the lines that have what is looked for, and the place of the present one among them. */
  #found = [];
  #at = 0;

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (!changed.has("value")) return;
    this.#lines = JSON.stringify(this.value, null, 2).split("\n");
    this.#shown = FIRST;
    this.#look();
  }

  updated() {
    this.querySelector(".found-line")?.scrollIntoView({ block: "nearest" });
  }

  render() {
    const rest = this.#lines.length - this.#shown;
    return html`${this.#search()}
      <pre class="json">${this.#lines.slice(0, this.#shown).map((text, number) => this.#line(text, number))}</pre>
      ${rest > 0 ? html`<p class="rest"><button class="link" @click=${this.#more}>Show more</button> · ${count(rest)} lines left</p>` : nothing}`;
  }

  #search() {
    const tally = this.#wanted === "" ? "" : this.#found.length ? `${count(this.#at + 1)} of ${count(this.#found.length)}` : "not found";
    return html`<search class="find">
      <input type="search" aria-label="Find in the JSON" placeholder="Find" .value=${this.#wanted} @input=${this.#typed} @keydown=${this.#pressed}>
      <span class="quiet" role="status">${tally}</span>
    </search>`;
  }

  #line(text, number) {
    const whole = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)} … ${count(text.length - LONGEST_LINE)} more characters, in the copy` : text;
    const parts = KEY.exec(whole);
    const shown = parts ? html`${parts[1]}<span class="key">${this.#marked(parts[2])}</span>${parts[3]}${this.#marked(parts[4])}\n` : html`${this.#marked(whole)}\n`;
    return this.#found[this.#at] === number ? html`<span class="found-line">${shown}</span>` : shown;
  }

  #marked(text) {
    if (!this.#wanted) return text;
    return partsOf(text, this.#wanted).map((part, index) => (index % 2 ? html`<mark>${part}</mark>` : part));
  }

  #look() {
    this.#found = linesWith(this.#lines, this.#wanted);
    this.#go(0);
  }

  #go(place) {
    this.#at = this.#found.length ? (place + this.#found.length) % this.#found.length : 0;
    this.#shown = Math.max(this.#shown, (this.#found[this.#at] ?? 0) + BEYOND);
    this.requestUpdate();
  }

  #typed = (event) => {
    this.#wanted = event.target.value;
    this.#look();
  };

  #pressed = (event) => {
    if (event.key === "Enter") this.#go(this.#at + (event.shiftKey ? -1 : 1));
    if (event.key !== "Escape" || !this.#wanted) return;
    event.stopPropagation(); // what is open stays open as long as there is a search to leave
    this.#wanted = "";
    this.#look();
  };

  #more = () => {
    this.#shown *= 4;
    this.requestUpdate();
  };
}

customElements.define("monitor-json", JsonView);
