// A dialog over the page: its own layer, focus kept inside, Esc and a click beside it close it. The browser gives the focus back to where it
// was, within a shadow root too; doing that here, when `close` is heard of, would take it from where a command has put it meanwhile.
import { LitElement, html, nothing } from "lit";

export class Sheet extends LitElement {
  #open = false;

  createRenderRoot() {
    return this;
  }

  // A subclass gives `label` and renderSheet(), and may give opened().

  async open() {
    if (this.#open) return;
    this.#open = true;
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
    this.opened?.();
  }

  close() {
    this.querySelector("dialog")?.close();
  }

  render() {
    if (!this.#open) return nothing;
    return html`<dialog class="sheet" aria-label=${this.label} @close=${this.#onClose} @click=${this.#onClick} @keydown=${this.#onKey}>${this.renderSheet()}</dialog>`;
  }

  #onClose = () => {
    this.#open = false;
    this.requestUpdate();
  };

  #onClick = (event) => {
    if (event.target.localName === "dialog") this.close();
  };

  /** Keys belong to the dialog while it is open. */
  #onKey = (event) => event.stopPropagation();
}
