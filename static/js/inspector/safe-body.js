// Draws a readable form; a payload no form can cope with is shown as JSON instead of taking the inspector down.
import { LitElement, html, render } from "lit";
import "./json-view.js";

class SafeBody extends LitElement {
  static properties = { value: { attribute: false } };

  /** Gives the template for `value`. @type {(value: any) => unknown} */
  draw = () => "";

  constructor() {
    super();
    this.value = null;
  }

  createRenderRoot() {
    return this;
  }

  render() {
    return this.draw(this.value);
  }

  performUpdate() {
    try {
      super.performUpdate();
    } catch (error) {
      console.warn("shown as JSON", error);
      const fallback = document.createElement("div");
      render(html`<p class="quiet">This payload has an unusual form.</p><monitor-json .value=${this.value}></monitor-json>`, fallback);
      this.replaceChildren(fallback);
    }
  }
}

customElements.define("monitor-safe-body", SafeBody);
