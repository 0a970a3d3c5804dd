// As much of a browser as loading, connecting and rendering a widget's element takes.

class Element extends EventTarget {
  isConnected = false;
  children = [];
  dataset = {};
  hidden = false;
  style = { setProperty() {}, removeProperty() {} };
  classList = { add() {}, remove() {}, toggle() {}, contains: () => false };
  #attributes = new Map();
  #text = "";

  attachShadow() {
    return (this.shadowRoot = new Element());
  }
  append(...nodes) {
    this.children.push(...nodes);
  }
  appendChild(node) {
    this.append(node);
    return node;
  }
  prepend(...nodes) {
    this.children.unshift(...nodes);
  }
  replaceChildren(...nodes) {
    [this.children, this.#text] = [nodes, ""];
  }
  set textContent(text) {
    [this.children, this.#text] = [[], text === null ? "" : String(text)];
  }
  get textContent() {
    const parts = [...this.children, ...(this.shadowRoot ? [this.shadowRoot] : [])];
    return this.#text + parts.map((child) => child?.textContent ?? String(child)).join(" ");
  }
  set innerHTML(text) {
    this.textContent = String(text).replace(/<[^>]*>/g, " ");
  }
  setAttribute(name, value) {
    this.#attributes.set(name, String(value));
  }
  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }
  hasAttribute(name) {
    return this.#attributes.has(name);
  }
  toggleAttribute() {}
  removeAttribute(name) {
    this.#attributes.delete(name);
  }
  closest() {
    return null;
  }
  querySelector() {
    return null;
  }
  querySelectorAll() {
    return [];
  }
  getBoundingClientRect() {
    return { x: 0, y: 0, width: 0, height: 0, top: 0, left: 0, right: 0, bottom: 0 };
  }
  getContext() {
    return null;
  }
  focus() {}
  remove() {}
}

/** @param {string[]} problems what a widget does that the page does not allow */
export function pretendBrowser(problems) {
  const define = () => problems.push("it calls customElements.define: the page does that");
  const observer = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Object.assign(globalThis, {
    HTMLElement: Element, Element, Node: Element, window: globalThis,
    customElements: { define, get: () => undefined, whenDefined: () => new Promise(() => {}) },
    document: Object.assign(new Element(), {
      documentElement: new Element(), body: new Element(), head: new Element(), adoptedStyleSheets: [],
      createElement: () => new Element(), createElementNS: () => new Element(), createTextNode: (text) => Object.assign(new Element(), { textContent: text }),
    }),
    location: { origin: "http://localhost", hash: "", href: "http://localhost/" },
    matchMedia: () => Object.assign(new EventTarget(), { matches: false }),
    getComputedStyle: () => ({ getPropertyValue: () => "" }),
    requestAnimationFrame: () => 0, cancelAnimationFrame() {},
    ResizeObserver: observer, IntersectionObserver: observer, MutationObserver: observer,
    CSSStyleSheet: class { replaceSync() {} },
    localStorage: { getItem: () => null, setItem() {}, removeItem() {} },
    fetch: () => Promise.reject(new Error("it calls fetch: monitor.api is there for that")),
    addEventListener() {}, removeEventListener() {}, dispatchEvent() {},
  });
}
