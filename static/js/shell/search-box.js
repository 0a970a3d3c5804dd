// The search box: results while typing, completion of fields and values, what is wrong with a query and where, saved and earlier searches.
import { html, nothing } from "lit";
import { preference, setPreference } from "../core/preferences.js";
import { savedSearches } from "../core/saved-searches.js";
import { icon } from "../ui/icons.js";
import { moveCursor } from "../ui/row-cursor.js";
import { LightElement } from "./light-element.js";

/** Typing pauses shorter than this neither search nor complete yet. ms */
const SETTLE = 180;
const COMPLETE = 60;
/** Searches remembered, and shown in an empty box. */
const REMEMBERED = 8;

class SearchBox extends LightElement {
  topics = ["state", "events"];
  /** @type {import("../core/api.js").Api} */
  api;
  #typing = 0;
  #completing = 0;
  #asked = 0;
  /** @type {{from: number, to: number, items: {text: string, label: string, detail: string}[]}|null} */
  #offer = null;
  #active = -1;

  connectedCallback() {
    super.connectedCallback();
    this.classList.add("search");
    this.addEventListener("focusout", () => this.#close());
  }

  get #input() {
    return this.querySelector("input");
  }

  focus() {
    this.#input?.focus();
  }

  render() {
    const items = this.#offer?.items ?? [];
    return html`
      ${icon("search")}
      <input class="input" type="search" role="combobox" aria-autocomplete="list" aria-expanded=${items.length > 0} aria-controls="search-offer"
        aria-activedescendant=${this.#active >= 0 ? `search-offer-${this.#active}` : nothing} aria-invalid=${this.#mistake ? "true" : nothing}
        aria-describedby=${this.#mistake ? "search-mistake" : nothing} placeholder="Search, or tool:Bash status:error" aria-label="Search"
        autocomplete="off" autocapitalize="off" spellcheck="false" @input=${this.#onInput} @focus=${this.#complete} @keydown=${this.#onKey}>
      <kbd aria-hidden="true">/</kbd>
      <button class="button plain square" title="Saved searches" aria-label="Saved searches" aria-haspopup="dialog" @click=${this.#openSaved}>${icon("bookmark")}</button>
      <ul id="search-offer" class="offer" role="listbox" aria-label="Completions" ?hidden=${items.length === 0}>
        ${items.map((item, index) => html`<li id="search-offer-${index}" role="option" aria-selected=${index === this.#active}
          @mousedown=${(event) => event.preventDefault()} @click=${() => this.#take(item)}><span>${item.label}</span><small>${item.detail}</small></li>`)}
      </ul>
      ${this.#mistake && items.length === 0 ? this.#told(this.#mistake) : nothing}
    `;
  }

  updated() {
    const input = this.#input;
    if (document.activeElement !== input) input.value = this.store.state.query;
  }

  /** What the server says is wrong with the query, if that is why there are no results. */
  get #mistake() {
    const { error } = this.store.events;
    return error && /** @type {any} */ (error).position !== undefined ? /** @type {any} */ (error) : null;
  }

  /** The query, with the part that is wrong marked, what is wrong with it, and what was perhaps meant. */
  #told({ message, position, length, suggestion }) {
    const { query } = this.store.state;
    const end = position + Math.max(1, length ?? 1);
    return html`<div class="mistake" id="search-mistake" role="alert" @mousedown=${(event) => event.preventDefault()}>
      <code>${query.slice(0, position)}<mark>${query.slice(position, end) || " "}</mark>${query.slice(end)}</code>
      <p>${message}</p>
      ${suggestion ? html`<p><button class="button" @click=${() => this.#mend(position, end, suggestion)}>Use ${suggestion}</button></p>` : nothing}
    </div>`;
  }

  #mend(from, to, text) {
    const { query } = this.store.state;
    this.#set(query.slice(0, from) + text + query.slice(to));
    this.#search();
    this.focus();
  }

  #set(text, cursor = text.length) {
    this.#input.value = text;
    this.#input.setSelectionRange(cursor, cursor);
  }

  #onInput = () => {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#search(), SETTLE);
    clearTimeout(this.#completing);
    this.#completing = setTimeout(this.#complete, COMPLETE);
  };

  #search() {
    clearTimeout(this.#typing);
    this.store.update({ query: this.#input.value.trim() });
  }

  /** Offer what the word at the cursor may become; in an empty box, what is saved and what was searched for before. */
  #complete = async () => {
    const asked = ++this.#asked;
    const { value, selectionStart: cursor } = this.#input;
    const offer = value.trim() ? await this.api.get("search/complete", { q: value, cursor }).catch(() => null) : await known(this.api);
    if (asked !== this.#asked || document.activeElement !== this.#input) return;
    [this.#offer, this.#active] = [offer, -1];
    this.requestUpdate();
  };

  #take({ text }) {
    const { from, to } = /** @type {any} */ (this.#offer);
    const { value } = this.#input;
    this.#set(value.slice(0, from) + text + value.slice(to), from + text.length);
    this.#search();
    this.#complete();
  }

  #openSaved = () => this.dispatchEvent(new CustomEvent("open-saved-searches", { bubbles: true }));

  #close() {
    clearTimeout(this.#completing);
    this.#asked += 1;
    [this.#offer, this.#active] = [null, -1];
    this.requestUpdate();
  }

  #onKey = (event) => {
    const items = this.#offer?.items ?? [];
    const chosen = items[this.#active];
    if (event.key === "Escape") this.#leave(items.length > 0);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) this.#take(chosen);
    else if (event.key === "Enter") this.#submit();
    else if (event.key.startsWith("Arrow") && items.length && /Up|Down/.test(event.key)) this.#active = moveCursor(event.key, this.#active, items.length, 8) ?? -1;
    else return;
    event.preventDefault();
    this.requestUpdate();
  };

  #submit() {
    this.#search();
    remember(this.store.state.query);
    this.#close();
  }

  /** Esc closes the offer, then empties the box, then leaves it. */
  #leave(offered) {
    this.#close();
    if (offered && this.#input.value) return;
    this.#set("");
    this.#search();
    this.#input.blur();
  }
}

/** @returns {string[]} */
function remembered() {
  try {
    const searches = JSON.parse(preference("searches", "[]"));
    return Array.isArray(searches) ? searches.filter((text) => typeof text === "string") : [];
  } catch {
    return [];
  }
}

function remember(query) {
  if (query) setPreference("searches", JSON.stringify([query, ...remembered().filter((text) => text !== query)].slice(0, REMEMBERED)));
}

/** @param {import("../core/api.js").Api} api */
async function known(api) {
  const saved = await savedSearches(api).catch(() => []); // without an answer there are still the earlier ones
  const queries = new Set(saved.map(({ query }) => query));
  const earlier = remembered().filter((text) => !queries.has(text));
  return { from: 0, to: 0, items: [
    ...saved.map(({ name, query }) => ({ text: query, label: name, detail: query })),
    ...earlier.map((text) => ({ text, label: text, detail: "earlier" })),
  ] };
}

customElements.define("monitor-search-box", SearchBox);
