// Stands in for lit where there is no browser: templates are kept as they are, and elements render when they are asked to.

const template = (strings, ...values) => ({ strings, values, template: true });
export const html = template;
export const svg = template;
export const mathml = template;
export const nothing = Symbol("nothing");
export const noChange = Symbol("noChange");
export const css = (strings, ...values) => ({ cssText: String.raw({ raw: strings }, ...values.map((value) => value?.cssText ?? value)), styleSheet: {} });
export const unsafeCSS = (text) => ({ cssText: String(text), styleSheet: {} });
export const isServer = false;
export const render = () => {};

export class ReactiveElement extends HTMLElement {
  rendered = null;
  hasUpdated = false;
  updateComplete = Promise.resolve(true);
  renderRoot = this;

  requestUpdate() {
    if (this.isConnected) queueMicrotask(() => this.isConnected && this.performUpdate());
  }
  connectedCallback() {
    this.requestUpdate();
  }
  disconnectedCallback() {}
  addController(controller) {
    controller.hostConnected?.();
  }
  createRenderRoot() {
    return this;
  }
  shouldUpdate() {
    return true;
  }
  willUpdate() {}
  update() {
    this.rendered = this.render?.() ?? null;
  }
  updated() {}
  firstUpdated() {}
  performUpdate() {
    const changed = new Map();
    if (!this.shouldUpdate(changed)) return;
    this.willUpdate(changed);
    this.update(changed);
    if (!this.hasUpdated) this.firstUpdated(changed);
    this.hasUpdated = true;
    this.updated(changed);
  }
}
export class LitElement extends ReactiveElement {}

// Directives, as far as they say what is shown.
export const repeat = (items, key, draw) => [...items].map(draw ?? key);
export const map = (items, draw) => [...(items ?? [])].map(draw);
export const join = (items, joiner) => [...items].flatMap((item, index) => (index ? [typeof joiner === "function" ? joiner(index - 1) : joiner, item] : [item]));
export const range = (start, end, step = 1) => Array.from({ length: Math.ceil(((end ?? start) - (end === undefined ? 0 : start)) / step) }, (_, index) => (end === undefined ? 0 : start) + index * step);
export const when = (condition, yes, no = () => nothing) => (condition ? yes(condition) : no(condition));
export const choose = (value, cases, fallback = () => nothing) => (cases.find(([one]) => one === value)?.[1] ?? fallback)();
export const keyed = (key, value) => value;
export const live = (value) => value;
export const cache = (value) => value;
export const guard = (dependencies, draw) => draw();
export const until = (...values) => values.at(-1);
export const ifDefined = (value) => value ?? nothing;
export const classMap = (classes) => Object.keys(classes).filter((name) => classes[name]).join(" ");
export const styleMap = () => "";
export const ref = () => nothing;
export const createRef = () => ({ value: undefined });
export const templateContent = () => nothing;
export const unsafeHTML = (text) => text;
export const unsafeSVG = (text) => text;
