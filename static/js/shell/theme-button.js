// Theme: one after another; the command palette has each by its name.
import { LitElement, html } from "lit";
import { icon } from "../ui/icons.js";

const ICONS = { system: "screen", light: "sun", dark: "moon" };

class ThemeButton extends LitElement {
  static properties = { themes: { attribute: false }, chosen: { attribute: false } };

  createRenderRoot() {
    return this;
  }

  render() {
    const { name, title } = this.chosen;
    return html`<button class="button plain square" aria-label="Theme: ${title}" title="Theme: ${title}" @click=${() => this.themes.next()}>${icon(ICONS[name] ?? "contrast")}</button>`;
  }
}

customElements.define("monitor-theme-button", ThemeButton);
