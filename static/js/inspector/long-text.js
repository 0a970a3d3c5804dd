// A text of any length: the beginning at once, more on request, so that ten megabytes cannot stall the page.
import { LitElement, html, nothing } from "lit";
import { plural, size } from "../core/format.js";

const FIRST_LINES = 200;
const FIRST_CHARACTERS = 30_000;
const FACTOR = 8;

class LongText extends LitElement {
  static properties = { text: { attribute: false }, start: { attribute: false } };

  #grown = 1;

  constructor() {
    super();
    this.text = "";
    /** Number of the first line; null shows no numbers. @type {number|null} */
    this.start = null;
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has("text")) this.#grown = 1;
  }

  render() {
    const shown = cut(this.text, FIRST_LINES * this.#grown, FIRST_CHARACTERS * this.#grown);
    const rest = this.text.length - shown.length;
    return html`<div class="code ${this.start === null ? "" : "numbered"}">${this.#numbers(shown)}<pre>${shown}</pre></div>
      ${rest > 0 ? html`<p class="rest"><button class="link" @click=${this.#more}>Show more</button> · ${this.#left(shown, rest)} left</p>` : nothing}`;
  }

  #numbers(shown) {
    if (this.start === null) return nothing;
    const lines = shown.replace(/\n$/, "").split("\n").length;
    return html`<pre class="numbers" aria-hidden="true">${Array.from({ length: lines }, (_, index) => this.start + index).join("\n")}</pre>`;
  }

  #left(shown, rest) {
    return rest > 100_000 ? size(rest) : plural(this.text.slice(shown.length).split("\n").length, "line");
  }

  #more = () => {
    this.#grown *= FACTOR;
    this.requestUpdate();
  };
}

function cut(text, lines, characters) {
  let end = -1;
  for (let line = 0; line < lines; line += 1) {
    end = text.indexOf("\n", end + 1);
    if (end === -1 || end > characters) return text.slice(0, characters);
  }
  return text.slice(0, Math.min(end + 1, characters));
}

customElements.define("monitor-long-text", LongText);
