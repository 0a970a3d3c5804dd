// Which widgets draw what in the inspector, in place of the page's own forms.
// @ts-check

/** @typedef {import("../core/widget-host.js").WidgetSpec} WidgetSpec */

export class Drawings {
  /** What the widgets are handed. @type {any} */
  monitor = null;
  /** @type {Map<string, WidgetSpec>} */
  #exact = new Map();
  /** Beginnings of names, the longest first. @type {[string, WidgetSpec][]} */
  #beginnings = [];

  /** @param {WidgetSpec[]} specs widgets with placement "detail", in the order they were registered @param {any} monitor */
  use(specs, monitor) {
    this.monitor = monitor;
    const drawn = specs.flatMap((spec) => (spec.draws ?? []).map((name) => /** @type {[string, WidgetSpec]} */ ([name, spec])));
    const open = (/** @type {[string, WidgetSpec]} */ [name]) => name.endsWith("*");
    // Of those that name the same, the first counts: it is the last to be put into the map.
    this.#exact = new Map(drawn.filter((entry) => !open(entry)).reverse());
    this.#beginnings = drawn.filter(open).map(([name, spec]) => /** @type {[string, WidgetSpec]} */ ([name.slice(0, -1), spec]));
    this.#beginnings.sort(([one], [other]) => other.length - one.length);
  }

  /** Who draws calls of this tool, or events of this kind. @param {string} name @returns {WidgetSpec|null} */
  find(name) {
    return this.#exact.get(name) ?? this.#beginnings.find(([start]) => name.startsWith(start))?.[1] ?? null;
  }

  /** Whether a widget draws some of what the inspector shows. @param {{event?: any, document?: any}} value the inspector's subject */
  has({ event, document }) {
    return [event?.kind, event?.tool_name, document?.tool_name].some((name) => Boolean(name) && this.find(name) !== null);
  }
}

/** The page's own. */
export const drawings = new Drawings();
