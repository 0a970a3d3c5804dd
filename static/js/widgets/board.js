// Tab "Board": the widgets and reports of plugins, arranged by the reader; the server keeps where they are.
import { Widget, html, icon, nothing } from "@mpm-monitor/sdk";
import { repeat } from "lit/directives/repeat.js";
import { TileDrag } from "../board/tile-drag.js";
import "../board/tile.js";
import { Board } from "../core/board.js";

export default class BoardWidget extends Widget {
  #board = new Board(null, () => {});
  /** @type {import("../core/widget-host.js").WidgetSpec[]} what can be on the board */
  #widgets = [];
  #adding = false;
  #drag = null;

  /** The tiles' widgets have shadow roots of their own; the board itself is part of the page. */
  createRenderRoot() {
    return this;
  }

  get topics() {
    return ["plugins"];
  }

  connectedCallback() {
    this.dataset.board = "";
    this.tabIndex = -1;
    this.#board = new Board(this.monitor.api, () => this.requestUpdate());
    super.connectedCallback();
  }

  /** Another page may have changed the board, or the server may have other plugins now. */
  async refresh() {
    try {
      const { widgets } = await this.monitor.api.get("widgets");
      this.#widgets = widgets.filter(({ placement }) => placement === "board");
    } catch {
      // the board itself says that nobody answers
    }
    await this.#board.load(this.#widgets);
  }

  render() {
    const { tiles, loaded, error } = this.#board;
    return html`
      <div class="board-bar">
        <button class="button" aria-expanded=${this.#adding} aria-controls="board-shelf" @click=${this.#toggle}>${icon("add")} Add</button>
        <p role="status">${error ? html`<span class="bad">${error.message}</span>` : this.#undo()}</p>
        <p id="board-keys" class="board-keys">Drag a tile by its head. On a handle: arrow keys move, Shift and arrow keys resize, Delete removes.</p>
      </div>
      ${this.#shelf()}
      ${loaded && !tiles.length ? this.#empty() : nothing}
      <div class="board-grid" @tile-remove=${(event) => this.#board.remove(event.detail.id)}
        @tile-configure=${({ detail }) => this.#board.configure(detail.id, detail.settings)}>
        ${repeat(tiles, ({ id }) => id, (tile) => this.#tile(tile))}
      </div>`;
  }

  updated() {
    this.#drag ??= new TileDrag(this.querySelector(".board-grid"), this.#board);
    for (const tile of this.querySelectorAll("board-tile")) tile.requestUpdate();
  }

  #tile(tile) {
    const spec = this.#widgets.find(({ id }) => id === tile.widget);
    return html`<board-tile .tile=${tile} .spec=${spec} .monitor=${this.monitor}></board-tile>`;
  }

  #undo() {
    const gone = this.#board.removed;
    if (!gone) return nothing;
    const title = this.#widgets.find(({ id }) => id === gone.tile.widget)?.title ?? gone.tile.widget;
    return html`${title} was removed. <button class="link" @click=${() => this.#board.undo()}>Undo</button>`;
  }

  #shelf() {
    if (!this.#adding) return nothing;
    const number = (id) => this.#board.tiles.filter(({ widget }) => widget === id).length;
    return html`<ul class="board-shelf" id="board-shelf">
      ${this.#widgets.map((spec) => html`<li><button class="button" @click=${() => this.#board.add(spec)}>${spec.title}</button>
        <span>${spec.plugin}${number(spec.id) ? `, ${number(spec.id)} on the board` : ""}</span></li>`)}
      ${this.#widgets.length ? nothing : html`<li>No plugin brings a widget or a report for the board.</li>`}
    </ul>`;
  }

  #empty() {
    return html`<div class="board-empty"><h2>Nothing is on the board</h2>
      <p>Widgets and reports of plugins are put here as they are installed; “Add” has all there are.</p></div>`;
  }

  #toggle = () => {
    this.#adding = !this.#adding;
    this.requestUpdate();
  };
}
