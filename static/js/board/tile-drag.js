// Moves and resizes tiles by mouse, finger or keyboard, and tells the board what came of it.

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class TileDrag {
  #grid;
  #board;
  #end = () => {};

  /** @param {HTMLElement} grid holds the tiles @param {import("../core/board.js").Board} board */
  constructor(grid, board) {
    this.#grid = grid;
    this.#board = board;
    grid.addEventListener("pointerdown", this.#onDown);
    grid.addEventListener("keydown", this.#onKey);
  }

  /** Moves on with the arrow keys, resizes with Shift and the arrow keys, removes with Delete. */
  #onKey = async (event) => {
    if (!event.target.closest("[data-handle]")) return;
    const { tile } = event.target.closest("board-tile");
    const arrow = KEYS[event.key];
    if (!arrow && event.key !== "Delete") return;
    event.preventDefault();
    event.stopPropagation();
    const index = this.#board.tiles.findIndex(({ id }) => id === tile.id);
    if (event.key === "Delete") this.#board.remove(tile.id);
    else if (event.shiftKey) this.#board.resize(tile.id, { columns: tile.columns + arrow[0], rows: tile.rows + arrow[1] });
    else this.#board.move(tile.id, index + (arrow[0] || arrow[1]));
    await this.#focus(tile.id, index);
  };

  /** What was moved in the document has lost the focus; after a removal the next tile gets it. */
  async #focus(id, index) {
    await this.#grid.closest("[data-board]")?.updateComplete;
    const tiles = [...this.#grid.querySelectorAll("board-tile")];
    const next = tiles.find(({ tile }) => tile.id === id) ?? tiles[Math.min(index, tiles.length - 1)];
    next?.querySelector("[data-handle]")?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  #onDown = (event) => {
    const element = event.target.closest("board-tile");
    const corner = event.target.closest("[data-corner]");
    const head = event.target.closest("header");
    const button = event.target.closest("button:not([data-handle])");
    if (!element || event.button !== 0 || button || !(corner || head)) return;
    event.preventDefault();
    element.querySelector("[data-handle]").focus({ preventScroll: true });
    if (corner) this.#resize(element, event);
    else this.#move(element);
  };

  #move(element) {
    element.toggleAttribute("data-dragging", true);
    this.#follow(
      (event) => {
        const over = document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest("board-tile")).find(Boolean);
        if (!over || over === element || over.parentNode !== this.#grid) return;
        const [from, to] = [element, over].map((one) => this.#board.tiles.findIndex(({ id }) => id === one.tile.id));
        const box = over.getBoundingClientRect();
        // Only past the middle: tiles of different sizes would change places back and forth.
        const past = from < to ? event.clientX > box.left + box.width / 2 || event.clientY > box.top + box.height / 2 : event.clientX < box.left + box.width / 2 || event.clientY < box.top + box.height / 2;
        if (past) this.#board.move(element.tile.id, to);
      },
      () => element.toggleAttribute("data-dragging", false),
    );
  }

  #resize(element, { clientX, clientY }) {
    const { columns, rows } = element.tile;
    const box = element.getBoundingClientRect();
    const [width, height] = [box.width / columns, box.height / rows];
    this.#follow(
      (event) => this.#board.resize(element.tile.id, { columns: columns + (event.clientX - clientX) / width, rows: rows + (event.clientY - clientY) / height }),
      () => {},
    );
  }

  /** Hear of the pointer until it is let go. */
  #follow(moved, ended) {
    this.#end();
    const listening = new AbortController();
    const { signal } = listening;
    this.#end = () => (listening.abort(), ended());
    addEventListener("pointermove", moved, { signal });
    addEventListener("pointerup", () => this.#end(), { signal });
    addEventListener("pointercancel", () => this.#end(), { signal });
  }
}
