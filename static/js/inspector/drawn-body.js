// A part of the inspector that a plugin's widget draws; one that fails is a card in this place.
import { html } from "lit";
import { failWidget, mountWidget } from "../core/widget-host.js";
import { drawings } from "./drawings.js";

/** @param {import("../core/widget-host.js").WidgetSpec} spec @param {object} subject what the widget is to draw */
export function drawn(spec, subject) {
  return html`<monitor-drawn-body .spec=${spec} .subject=${subject}></monitor-drawn-body>`;
}

class DrawnBody extends HTMLElement {
  /** Set before the element is connected. @type {import("../core/widget-host.js").WidgetSpec} */
  spec;
  #subject = null;
  #widget = null;

  constructor() {
    super();
    this.addEventListener("widget-error", (event) => {
      event.stopPropagation();
      this.#fail(event.detail);
    });
  }

  connectedCallback() {
    mountWidget(this, this.spec, drawings.monitor, this.#prepare);
  }

  get subject() {
    return this.#subject;
  }

  set subject(subject) {
    this.#subject = subject;
    try {
      if (this.#widget) this.#widget.subject = subject;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The subject may have changed while the module was under way. */
  #prepare = (widget) => {
    widget.subject = this.#subject;
    this.#widget = widget;
  };

  #fail(error) {
    this.#widget = null;
    failWidget(this, this.spec, error, drawings.monitor, this.#prepare);
  }
}

customElements.define("monitor-drawn-body", DrawnBody);
