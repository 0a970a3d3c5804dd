// A form for a tile's settings, made from what its widget declares.
import { LitElement, html, nothing } from "lit";

class TileSettings extends LitElement {
  /** @type {{name: string, default: any, help: string, minimum: number|null, maximum: number|null, choices: string[]}[]} */
  settings = [];
  /** @type {Record<string, any>} */
  chosen = {};

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<form @submit=${this.#apply}>
      ${this.settings.map((setting) => html`<label><span>${setting.name.replaceAll("_", " ")}</span>${this.#field(setting)}<small>${setting.help}</small></label>`)}
      <button class="button">Apply</button>
    </form>`;
  }

  #field({ name, default: usual, minimum, maximum, choices }) {
    const value = this.chosen[name] ?? usual;
    if (typeof usual === "boolean") return html`<input type="checkbox" name=${name} .checked=${value}>`;
    if (choices?.length) return html`<select class="select" name=${name}>${choices.map((choice) => html`<option ?selected=${choice === value}>${choice}</option>`)}</select>`;
    const number = typeof usual === "number";
    return html`<input class="input" name=${name} type=${number ? "number" : "text"} step=${number ? "any" : nothing} min=${minimum ?? nothing} max=${maximum ?? nothing} .value=${String(value)}>`;
  }

  #apply = (event) => {
    event.preventDefault();
    const settings = Object.fromEntries(this.settings.map((setting) => [setting.name, this.#value(event.target.elements[setting.name], setting)]));
    this.dispatchEvent(new CustomEvent("tile-settings", { detail: { settings }, bubbles: true }));
  };

  #value(field, { default: usual }) {
    if (typeof usual === "boolean") return field.checked;
    return typeof usual === "number" ? (field.value === "" ? usual : Number(field.value)) : field.value;
  }
}

customElements.define("tile-settings", TileSettings);
