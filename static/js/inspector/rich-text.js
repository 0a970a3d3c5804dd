// Shows what a person or a model wrote as it is meant to be read; very long texts by pieces.
import { LitElement, html, nothing } from "lit";
import { plural } from "../core/format.js";
import { parseBlocks, parseSpans } from "./markdown.js";

/** Letters of a text shown at once; more on request. */
const FIRST = 30_000;
const FACTOR = 8;

class RichText extends LitElement {
  static properties = { text: { attribute: false } };

  #shown = FIRST;

  constructor() {
    super();
    this.text = "";
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has("text")) this.#shown = FIRST;
  }

  render() {
    const rest = this.text.length - this.#shown;
    return html`<div class="rich">${parseBlocks(this.text.slice(0, this.#shown)).map(block)}</div>
      ${rest > 0 ? html`<p class="rest"><button class="link" @click=${this.#more}>Show more</button> · ${plural(rest, "letter")} left</p>` : nothing}`;
  }

  #more = () => {
    this.#shown *= FACTOR;
    this.requestUpdate();
  };
}

function block(one) {
  if (one.type === "code") return html`<div class="code"><pre>${one.text}</pre></div>`;
  if (one.type === "h") return html`<p class="heading">${spans(one.text)}</p>`;
  if (one.type === "rule") return html`<hr>`;
  if (one.type === "quote") return html`<blockquote>${spans(one.text)}</blockquote>`;
  if (one.type !== "list") return html`<p>${spans(one.text)}</p>`;
  return html`<ul class="items">${one.items.map(({ depth, text }, index) => html`<li .style=${`margin-left:${depth * 18}px`}>
    <span class="bullet" aria-hidden="true">${one.ordered && depth === 0 ? `${one.start + one.items.slice(0, index).filter((item) => item.depth === 0).length}.` : "–"}</span><span>${spans(text)}</span></li>`)}</ul>`;
}

/** A link is text, with its address behind it: nothing in a payload may be a way out of the page. */
function spans(text) {
  return parseSpans(text).map((span) => {
    if (span.type === "code") return html`<code>${span.text}</code>`;
    if (span.type === "strong") return html`<strong>${span.text}</strong>`;
    if (span.type === "em") return html`<em>${span.text}</em>`;
    if (span.type === "link") return html`${span.text} <span class="quiet">(${span.href})</span>`;
    return span.text;
  });
}

customElements.define("monitor-rich-text", RichText);
