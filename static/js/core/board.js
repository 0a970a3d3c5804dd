// The board: which widgets are on it, in which order and how large. Kept on the server; every change is stored at once.
// @ts-check

export const COLUMNS = 12;
export const MAX_ROWS = 40;
export const SMALLEST = Object.freeze({ columns: 2, rows: 2 });

/** @typedef {{id: string, widget: string, columns: number, rows: number, settings: Record<string, any>}} Tile */
/** @typedef {import("./widget-host.js").WidgetSpec} WidgetSpec */

export class Board {
  /** @type {readonly Tile[]} */
  tiles = [];
  loaded = false;
  /** Why the last change is not stored, or the board could not be read. @type {Error|null} */
  error = null;
  /** @type {{tile: Tile, index: number}|null} what was taken off last */
  removed = null;

  /** @type {string[]} */
  #seen = [];
  #revision = 0;
  #saving = Promise.resolve();
  #api;
  #onChange;

  /** @param {import("./api.js").Api} api @param {() => void} onChange */
  constructor(api, onChange) {
    this.#api = api;
    this.#onChange = onChange;
  }

  /** Read the board, and put on it what it has never had. @param {WidgetSpec[]} widgets those that can be on it */
  async load(widgets) {
    try {
      this.#take(await this.#settled());
      this.error = null;
      this.loaded = true;
      this.#welcome(widgets);
    } catch (error) {
      this.error = /** @type {Error} */ (error);
    }
    this.#onChange();
  }

  /** The board as the server has it after the last change: an answer from before one would take it back. */
  async #settled() {
    for (;;) {
      const saving = this.#saving;
      await saving;
      const board = await this.#api.get("board");
      if (saving === this.#saving) return board;
    }
  }

  /** @param {WidgetSpec} spec */
  add(spec) {
    return this.#change([...this.tiles, this.#tileOf(spec)]);
  }

  /** @param {string} id */
  remove(id) {
    const index = this.#indexOf(id);
    this.removed = { tile: this.tiles[index], index };
    return this.#change(this.tiles.filter((tile) => tile.id !== id));
  }

  /** Put back what was taken off last. */
  undo() {
    if (!this.removed) return;
    const { tile, index } = this.removed;
    this.removed = null;
    return this.#change(this.tiles.toSpliced(index, 0, tile));
  }

  /** @param {string} id @param {number} index where it shall stand, counted without itself */
  move(id, index) {
    const from = this.#indexOf(id);
    const to = Math.max(0, Math.min(index, this.tiles.length - 1));
    if (from === to) return;
    return this.#change(this.tiles.toSpliced(from, 1).toSpliced(to, 0, this.tiles[from]));
  }

  /** @param {string} id @param {{columns: number, rows: number}} size */
  resize(id, size) {
    const columns = Math.max(SMALLEST.columns, Math.min(Math.round(size.columns), COLUMNS));
    const rows = Math.max(SMALLEST.rows, Math.min(Math.round(size.rows), MAX_ROWS));
    return this.#replace(id, { columns, rows });
  }

  /** @param {string} id @param {Record<string, any>} settings */
  configure(id, settings) {
    return this.#replace(id, { settings });
  }

  /** @param {string} id @param {Partial<Tile>} changes */
  #replace(id, changes) {
    const before = this.tiles[this.#indexOf(id)];
    const after = { ...before, ...changes };
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    return this.#change(this.tiles.map((tile) => (tile.id === id ? after : tile)));
  }

  #indexOf(id) {
    return this.tiles.findIndex((tile) => tile.id === id);
  }

  #take({ tiles, seen, revision }) {
    [this.tiles, this.#seen, this.#revision] = [tiles, seen, revision];
  }

  #welcome(widgets) {
    const fresh = widgets.filter(({ id }) => !this.#seen.includes(id));
    if (!fresh.length) return;
    this.#seen = [...this.#seen, ...fresh.map(({ id }) => id)];
    const there = new Set(this.tiles.map(({ widget }) => widget));
    this.#change(fresh.filter(({ id }) => !there.has(id)).reduce((tiles, spec) => [...tiles, this.#tileOf(spec, tiles)], this.tiles));
  }

  /** @param {WidgetSpec} spec @param {readonly Tile[]} tiles @returns {Tile} */
  #tileOf(spec, tiles = this.tiles) {
    const taken = new Set([...tiles.map(({ id }) => id), this.removed?.tile.id]);
    let [id, number] = [spec.id, 1];
    while (taken.has(id)) id = `${spec.id}-${(number += 1)}`;
    return { id, widget: spec.id, columns: Math.min(spec.columns ?? 4, COLUMNS), rows: Math.min(spec.rows ?? 6, MAX_ROWS), settings: {} };
  }

  /** Show the change, then store it; one after another. @param {readonly Tile[]} tiles */
  #change(tiles) {
    this.tiles = tiles;
    this.#onChange();
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  async #save() {
    try {
      const { revision } = await this.#api.put("board", { tiles: this.tiles, seen: this.#seen, revision: this.#revision });
      this.#revision = revision;
      this.error = null;
    } catch (error) {
      const conflict = /** @type {any} */ (error).status === 409;
      if (conflict) this.#take(await this.#api.get("board").catch(() => ({ tiles: this.tiles, seen: this.#seen, revision: this.#revision })));
      this.error = /** @type {Error} */ (conflict ? new Error("The board was changed on another page; it is shown as it is there.") : error);
    }
    this.#onChange();
  }
}
