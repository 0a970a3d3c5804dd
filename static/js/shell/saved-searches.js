// The sheet of saved searches: keeps the present one under a name, uses one, deletes one.
import { html, nothing } from "lit";
import { deleteSearch, saveSearch, savedSearches } from "../core/saved-searches.js";
import { icon } from "../ui/icons.js";
import { moveCursor } from "../ui/row-cursor.js";
import { Sheet } from "./sheet.js";

class SavedSearchesSheet extends Sheet {
  label = "Saved searches";
  /** @type {import("../core/api.js").Api} set by the page, like the store */
  api;
  /** @type {import("../core/store.js").Store} */
  store;
  /** @type {import("../core/saved-searches.js").SavedSearch[]|null} null until the server has answered */
  #searches = null;
  /** What could not be done, and what was: a sentence each. */
  #wrong = "";
  #done = "";
  /** @type {import("../core/saved-searches.js").SavedSearch|null} what undoing brings back */
  #deleted = null;

  async opened() {
    [this.#searches, this.#wrong, this.#done, this.#deleted] = [null, "", "", null];
    (this.querySelector("#saved-name") ?? this.#closing).focus();
    await this.#try(() => {});
  }

  renderSheet() {
    const { query } = this.store.state;
    return html`<header><h2>Saved searches</h2><button class="button" @click=${() => this.close()}>Close</button></header>
      <div class="saved">
        ${query ? this.#form(query) : html`<p class="quiet">Search for something, then come here to save it.</p>`}
        <p class="wrong" role="alert">${this.#wrong}</p>
        <p class="quiet" role="status">${this.#done}${this.#deleted ? html` <button class="link" @click=${this.#undo}>Undo</button>` : nothing}</p>
        ${this.#list()}
      </div>`;
  }

  #form(query) {
    return html`<form @submit=${this.#save}>
      <label for="saved-name">Save <code>${query}</code> as</label>
      <div><input class="input" id="saved-name" name="name" maxlength="100" required autocomplete="off" placeholder="Name"><button class="button">Save</button></div>
    </form>`;
  }

  #list() {
    if (!this.#searches?.length) return this.#searches ? html`<p class="quiet">None is saved yet.</p>` : nothing;
    return html`<ul aria-label="Saved searches" @keydown=${this.#onListKey}>${this.#searches.map((search) => html`<li>
      <button class="use" title=${search.query} @click=${() => this.#use(search)}><span>${search.name}</span><code>${search.query}</code></button>
      <button class="button plain square" title="Delete" aria-label="Delete ${search.name}" @click=${() => this.#delete(search)}>${icon("close")}</button>
    </li>`)}</ul>`;
  }

  /** The button that is always there. */
  get #closing() {
    return /** @type {HTMLElement} */ (this.querySelector("header button"));
  }

  #use({ query }) {
    this.close();
    this.store.update({ tab: "events", query });
  }

  #save = (event) => {
    event.preventDefault();
    const { name } = event.target.elements;
    this.#try(async () => {
      const saved = await saveSearch(this.api, name.value, this.store.state.query);
      [this.#done, this.#deleted, name.value] = [`Saved as ${saved.name}.`, null, ""];
    });
  };

  async #delete(search) {
    const place = this.#searches?.indexOf(search) ?? 0;
    await this.#try(async () => {
      await deleteSearch(this.api, search);
      [this.#done, this.#deleted] = [`Deleted ${search.name}.`, search];
    });
    // Its button is gone, or another search's now: whoever deletes by keyboard goes on from there.
    const left = this.querySelectorAll("li .use");
    (left[Math.min(place, left.length - 1)] ?? this.#closing).focus();
  }

  #undo = async () => {
    const { name, query } = /** @type {any} */ (this.#deleted);
    await this.#try(async () => {
      await saveSearch(this.api, name, query);
      [this.#done, this.#deleted] = [`${name} is back.`, null];
    });
    this.#closing.focus();
  };

  /** Do something, then show what there is now; or say why it could not be done. @param {() => any} action */
  async #try(action) {
    try {
      await action();
      this.#searches = await savedSearches(this.api);
      this.#wrong = "";
    } catch (error) {
      [this.#wrong, this.#done] = [/** @type {Error} */ (error).message, ""];
    }
    this.requestUpdate();
    await this.updateComplete;
  }

  #onListKey = (event) => {
    if (!event.key.startsWith("Arrow")) return;
    const buttons = [...this.querySelectorAll("li .use")];
    const here = buttons.findIndex((button) => button.parentElement.contains(event.target));
    const next = moveCursor(event.key, here, buttons.length, 8);
    if (next === null) return;
    event.preventDefault();
    buttons[next].focus();
  };
}

customElements.define("monitor-saved-searches", SavedSearchesSheet);
