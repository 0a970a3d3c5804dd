// Runs before the page's own scripts: notes who listens to a pointer, and looks into shadow roots. `walk` is what walking.py asks.
(() => {
  const ACTS = new Set(["click", "dblclick", "pointerdown", "mousedown"]);
  const SEMANTIC = `a[href], button, input, select, textarea, summary, [tabindex="0"], [data-index],
    [role=button], [role=tab], [role=option], [role=treeitem], [role=menuitem], [role=checkbox],
    [role=switch], [role=slider]`;
  const STATES = ["aria-pressed", "aria-expanded", "aria-selected", "aria-sort", "aria-checked",
    "aria-valuenow", "open", "data-theme", "value"];
  const acting = new WeakSet();
  const numbers = new Map();
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (ACTS.has(type) && this instanceof Element) acting.add(this);
    return listen.call(this, type, ...rest);
  };

  function* everything(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* everything(element.shadowRoot);
    }
  }
  const above = (element) => element.parentElement ?? element.getRootNode().host ?? null;
  function closest(element, selector) {
    for (let one = element; one; one = above(one)) if (one.matches(selector)) return one;
    return null;
  }
  function isSeen(element) {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true });
  }
  // Rows of a long list take turns in the same elements: their id says which row it is.
  const isItem = (element) => element.id && element.matches("[data-index], [role=option], [role=treeitem]");
  function keyOf(element) {
    if (isItem(element)) return `${keyOf(element.getRootNode().host ?? document.body)}#${element.id}`;
    if (!numbers.has(element)) numbers.set(element, numbers.size);
    return String(numbers.get(element));
  }
  function told(element) {
    const name = element.getAttribute("aria-label") || element.title || element.textContent;
    const hosts = element.getRootNode().host?.localName ?? "";
    const kind = [element.localName, element.getAttribute("role")].filter(Boolean).join("/");
    return `${hosts} ${kind}.${element.className} "${name.replace(/\s+/g, " ").trim().slice(0, 40)}"`.trim();
  }
  function deepest() {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element && element !== document.body ? element : null;
  }
  function look(element) {
    const style = getComputedStyle(element);
    const outline = style.outlineStyle === "none" ? "" : `${style.outlineWidth} ${style.outlineColor}`;
    return [outline, style.boxShadow, style.borderColor, style.backgroundColor].join("; ");
  }
  /** What is on its way from the server says so. */
  const isComing = () => [...everything(document)].some((one) => one.matches("[aria-busy=true]") || (!one.children.length && one.textContent === "Loading…"));
  let before = null;

  window.walk = {
    /** What can be acted on, in sight: [key, how a person would call it]. */
    all(within = "body") {
      const found = [...everything(document)].filter((element) => (element.matches(SEMANTIC) || acting.has(element))
        && !element.matches(":disabled") && isSeen(element) && closest(element, within)
        && !closest(element, "[inert]"));
      return found.map((element) => [keyOf(element), told(element)]);
    },
    /** Whether an element with this key lies in one that matches. */
    isIn: (key, selector) => [...everything(document)].some((one) => keyOf(one) === key && closest(one, selector)),
    /** Where the focus is, and whether the element it was at before looks otherwise without it. */
    here() {
      const element = deepest();
      const last = before && before.element.isConnected && before.element !== element
        ? { key: keyOf(before.element), told: told(before.element), differs: look(before.element) !== before.look } : null;
      before = element && { element, look: look(element) };
      if (!element) return { key: null, told: "the page", last, active: null, role: null };
      const id = element.getAttribute("aria-activedescendant");
      const active = id && element.getRootNode().getElementById(id);
      return { key: keyOf(element), told: told(element), last, active: active ? keyOf(active) : null,
        role: element.getAttribute("role") };
    },
    focus(key) {
      [...everything(document)].find((element) => keyOf(element) === key).focus();
    },
    /** What there is and how it is: all that acting on something can change. Not what it says: that goes on by itself. */
    state() {
      // Where a timeline is depends on when it was asked.
      const parts = [location.hash.replace(/(from|to)=\d+/g, "$1"), document.documentElement.dataset.theme ?? ""];
      for (const element of everything(document)) {
        const states = STATES.filter((name) => element.hasAttribute(name)).map((name) => `${name}=${element.getAttribute(name)}`);
        if (states.length && isSeen(element)) parts.push(`${element.localName}.${element.className} ${states}`);
      }
      return [...parts, ...walk.all().map(([, name]) => name.split('"')[0])].join("\n");
    },
    /** The state when it is no longer this one, and has been the same for a while. */
    async changed(from) {
      let [now, frames] = [from, 0];
      while (now === from || frames < 15 || isComing()) {
        await new Promise(requestAnimationFrame);
        const next = walk.state();
        [now, frames] = [next, next === now ? frames + 1 : 0];
      }
      return now;
    },
  };
})();
