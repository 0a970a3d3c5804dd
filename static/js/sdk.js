// What a widget's module imports as "@mpm-monitor/sdk". Everything exported here is public.
import { LitElement, css, html, nothing } from "lit";
import * as format from "./core/format.js";
import { icon } from "./ui/icons.js";
import { statusMark, statusShape, statusWord } from "./ui/status.js";
import { controls } from "./ui/styles.js";

export { LitElement, css, format, html, icon, nothing, statusMark, statusShape, statusWord };

/**
 * A comfortable base for widgets; any HTMLElement class with the same members does as well.
 *
 * The page sets `monitor` ({store, api, format, version}) and calls `setConfig({id, title, topics, settings})`
 * before the element is connected. It renders again, once a frame at most, when one of its topics changes.
 */
export class Widget extends LitElement {
  static styles = controls;

  /** Set by the page. @type {import("./core/context.js").MonitorContext} */
  monitor;
  config = { id: "", title: "", topics: [], settings: {} };

  #unsubscribe = () => {};
  #subject = null;

  /** What a drawing of the inspector is to show: {type: "tool_call", call} or {type: "event", event}; null for other widgets. */
  get subject() {
    return this.#subject;
  }

  /** Set by the page before the element is connected, and whenever there is more to show. */
  set subject(subject) {
    this.#subject = subject;
    this.requestUpdate();
  }

  /** @param {{id: string, title: string, topics: string[], settings: Record<string, any>}} config */
  setConfig(config) {
    this.config = config;
  }

  /** Topics to listen to; those of the widget's specification unless a subclass names its own. */
  get topics() {
    return this.config.topics;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#unsubscribe = this.monitor.store.subscribe([...this.topics, "shown"], (changed) => this.#onChange(changed));
    this.refresh(new Set(this.topics));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#unsubscribe();
  }

  /** Called when topics changed and the widget is on screen. @param {Set<string>} changed */
  refresh(changed) {
    this.requestUpdate();
  }

  /** False while another tab covers the widget; it then does no work. */
  get onScreen() {
    return this.closest("[hidden]") === null;
  }

  performUpdate() {
    try {
      super.performUpdate();
    } catch (error) {
      this.dispatchEvent(new CustomEvent("widget-error", { detail: error, bubbles: true, composed: true }));
    }
  }

  #missed = new Set();

  #onChange(changed) {
    for (const topic of changed) this.#missed.add(topic);
    if (!this.onScreen) return;
    const all = this.#missed;
    this.#missed = new Set();
    this.refresh(all);
  }
}
