// Theme: the system's, light or dark, in turn.
import { LitElement, html } from "lit";
import { preference, setPreference } from "../core/preferences.js";
import { icon } from "../ui/icons.js";

const THEMES = ["system", "light", "dark"];
const ICONS = { system: "screen", light: "sun", dark: "moon" };

class ThemeButton extends LitElement {
  createRenderRoot() {
    return this;
  }

  render() {
    const theme = preference("theme", "system");
    return html`<button class="button plain square" aria-label="Theme: ${theme}" title="Theme: ${theme}" @click=${() => this.next()}>${icon(ICONS[theme])}</button>`;
  }

  next() {
    const theme = THEMES[(THEMES.indexOf(preference("theme", "system")) + 1) % THEMES.length];
    setPreference("theme", theme);
    document.documentElement.dataset.theme = theme;
    this.requestUpdate();
  }
}

customElements.define("monitor-theme-button", ThemeButton);
