// The whole payload, pretty printed, keys told from values; long ones by pieces.
import { LitElement, html, nothing } from "lit";
import { count } from "../core/format.js";

const FIRST = 400;
const LONGEST_LINE = 20_000;
const KEY = /^(\s*)("(?:[^"\\]|\\.)*")(: ?)(.*)$/s;

class JsonView extends LitElement {
  static properties = { value: { attribute: false } };

  #lines = [];
  #shown = FIRST;

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (!changed.has("value")) return;
    this.#lines = JSON.stringify(this.value, null, 2).split("\n");
    this.#shown = FIRST;
  }

  render() {
    const rest = this.#lines.length - this.#shown;
    return html`<pre class="json">${this.#lines.slice(0, this.#shown).map(line)}</pre>
      ${rest > 0 ? html`<p class="rest"><button class="link" @click=${this.#more}>Show more</button> · ${count(rest)} lines left</p>` : nothing}`;
  }

  #more = () => {
    this.#shown *= 4;
    this.requestUpdate();
  };
}

function line(text) {
  const whole = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)} … ${count(text.length - LONGEST_LINE)} more characters, in the copy` : text;
  const parts = KEY.exec(whole);
  return parts ? html`${parts[1]}<span class="key">${parts[2]}</span>${parts[3]}${parts[4]}\n` : html`${whole}\n`;
}

customElements.define("monitor-json", JsonView);
