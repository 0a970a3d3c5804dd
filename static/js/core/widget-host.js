// Puts widgets on the page: loads the module, defines the element, and keeps a broken one in its own frame.
// @ts-check

/**
 * @typedef {{id: string, title: string, module: string, plugin: string, topics: string[], placement: string, draws?: string[], columns?: number, rows?: number,
 *   settings?: {name: string, default: any, help: string, minimum: number|null, maximum: number|null, choices: string[]}[], chosen?: Record<string, any>}} WidgetSpec
 */

/** The element's tag for a widget id: "acme.token-burn" → "widget-acme-token-burn". @param {string} id */
export function tagOf(id) {
  return `widget-${id.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
}

/**
 * Load and place one widget; whatever goes wrong becomes a card in `frame`.
 * @param {HTMLElement} frame
 * @param {WidgetSpec} spec
 * @param {object} monitor handed to the element as `monitor`
 * @param {(element: any) => void} [prepare] gives the element what else it needs before it is connected
 * @returns {Promise<HTMLElement|null>} the element, or null when it failed
 */
export async function mountWidget(frame, spec, monitor, prepare = () => {}, attempt = 0) {
  try {
    const element = await createWidget(spec, monitor, attempt);
    prepare(element);
    await connect(frame, element);
    return element;
  } catch (error) {
    console.error(`widget ${spec.id}`, error);
    showFailure(frame, spec, error, () => mountWidget(frame, spec, monitor, prepare, attempt + 1));
    return null;
  }
}

/** A widget that fails while it runs is replaced by its card. Call from the page's error handler. @param {HTMLElement} frame */
export function failWidget(frame, spec, error, monitor, prepare = () => {}) {
  showFailure(frame, spec, error, () => mountWidget(frame, spec, monitor, prepare, 1));
}

async function createWidget(spec, monitor, attempt) {
  // A module that failed once stays failed in the browser's module map; another address is a new module.
  const address = attempt ? `${spec.module}?attempt=${attempt}` : spec.module;
  const { default: Widget } = await import(address);
  if (!(Widget?.prototype instanceof HTMLElement)) throw new TypeError(`${spec.module} has no default export that extends HTMLElement`);
  const tag = tagOf(spec.id) + (attempt ? `-${attempt}` : "");
  // A class of its own for each tag: one module may serve several widgets, and the registry takes a class once.
  if (!customElements.get(tag)) customElements.define(tag, class extends Widget {});
  // By `new`, which throws what a constructor throws; createElement would tell the window instead.
  const element = /** @type {any} */ (new (/** @type {any} */ (customElements.get(tag)))());
  element.monitor = monitor;
  element.setConfig?.(configOf(spec));
  return element;
}

/** What a widget is told about itself. @param {WidgetSpec} spec */
function configOf({ id, title, topics, settings, chosen }) {
  const values = (settings ?? []).map(({ name, default: usual }) => [name, chosen?.[name] ?? usual]);
  return { id, title, topics: Object.freeze([...(topics ?? [])]), settings: Object.freeze(Object.fromEntries(values)) };
}

/** The browser reports an error of connectedCallback to the window instead of throwing it; catch it there. */
async function connect(frame, element) {
  let failure = null;
  const onError = (/** @type {ErrorEvent} */ event) => {
    failure ??= event.error;
    event.preventDefault(); // it is shown on the card, and logged there
  };
  addEventListener("error", onError);
  frame.replaceChildren(element);
  removeEventListener("error", onError);
  if (failure) throw failure;
  await element.updateComplete;
}

function showFailure(frame, spec, error, retry) {
  const card = document.createElement("div");
  card.className = "widget-failure";
  card.setAttribute("role", "alert");
  card.append(
    textElement("h3", `“${spec.title}” could not be shown`),
    textElement("p", `Widget ${spec.id} of plugin ${spec.plugin}: ${error?.message ?? error}`),
    textElement("p", "The rest of the page is not affected."),
  );
  const button = textElement("button", "Reload widget");
  button.className = "button";
  button.addEventListener("click", retry);
  card.append(button);
  frame.replaceChildren(card);
}

function textElement(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
