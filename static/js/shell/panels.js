// Places widgets: tab widgets in panels, loaded when first opened, and side widgets under the inspector.
import { failWidget, mountWidget } from "../core/widget-host.js";

/** Name of a tab in the address: "monitor.events" → "events", "acme.board" → "acme.board". @param {string} id */
export function tabName(id) {
  return id.replace(/^monitor\./, "");
}

export class Panels {
  #root;
  #monitor;
  /** @type {Map<string, {frame: HTMLElement, spec: any}>} */
  #tabs = new Map();
  #mounted = new Set();

  /** @param {HTMLElement} root @param {any} monitor */
  constructor(root, monitor) {
    this.#root = root;
    this.#monitor = monitor;
  }

  /** @param {{name: string, spec: any}[]} views widgets with placement "tab" */
  addTabs(views) {
    for (const { name, spec } of views) {
      const frame = document.createElement("div");
      frame.className = "panel";
      frame.id = `panel-${name}`;
      frame.hidden = true;
      frame.setAttribute("role", "tabpanel");
      frame.setAttribute("aria-labelledby", `tab-${name}`);
      this.#watch(frame, spec);
      this.#root.append(frame);
      this.#tabs.set(name, { frame, spec });
    }
  }

  /** @param {HTMLElement} root @param {any[]} specs widgets with placement "side" */
  addSide(root, specs) {
    for (const spec of specs) {
      const section = document.createElement("section");
      section.className = "side-widget";
      const title = document.createElement("h2");
      title.textContent = spec.title;
      const frame = document.createElement("div");
      section.append(title, frame);
      this.#watch(frame, spec);
      root.append(section);
      mountWidget(frame, spec, this.#monitor);
    }
  }

  /** Show one tab's panel. @param {string} open */
  show(open) {
    for (const [name, { frame, spec }] of this.#tabs) {
      frame.hidden = name !== open;
      if (name !== open) continue;
      if (!this.#mounted.has(name)) mountWidget(frame, spec, this.#monitor);
      this.#mounted.add(name);
    }
    this.#monitor.store.notifier.touch("shown");
  }

  /** The list of the open tab, for the keyboard. @returns {HTMLElement|null} */
  get list() {
    return this.#root.querySelector(".panel:not([hidden]) > *");
  }

  #watch(frame, spec) {
    frame.addEventListener("widget-error", (event) => failWidget(frame, spec, event.detail, this.#monitor));
  }
}
