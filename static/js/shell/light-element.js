// Base of the page's own parts: no shadow root, rendered again when one of their topics changes.
import { LitElement } from "lit";

export class LightElement extends LitElement {
  /** @type {import("../core/store.js").Store} set by the page before the element is first rendered */
  store;
  topics = ["state"];
  #unsubscribe = () => {};

  createRenderRoot() {
    return this;
  }

  /** Begin to work with the page's store. @param {import("../core/store.js").Store} store */
  attach(store) {
    this.store = store;
    this.#unsubscribe();
    this.#unsubscribe = store.subscribe(this.topics, (changed) => this.changed(changed));
    this.requestUpdate();
  }

  changed() {
    this.requestUpdate();
  }

  shouldUpdate() {
    return this.store !== undefined;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#unsubscribe();
  }
}
