// One tile of the board: its head with the handle and buttons, and the frame its widget lives in.
import { LitElement, html, nothing } from "lit";
import { failWidget, mountWidget } from "../core/widget-host.js";
import { icon } from "../ui/icons.js";
import "./tile-settings.js";

class BoardTile extends LitElement {
  /** @type {import("../core/board.js").Tile} */
  tile;
  /** @type {import("../core/widget-host.js").WidgetSpec|undefined} undefined when no plugin has it now */
  spec;
  monitor;
  #configuring = false;
  #mounted = "";

  createRenderRoot() {
    return this;
  }

  get title() {
    return this.spec?.title ?? this.tile.widget;
  }

  render() {
    const { columns, rows } = this.tile;
    this.style.setProperty("--columns", String(columns));
    this.style.setProperty("--rows", String(rows));
    const size = `${columns} by ${rows}`;
    return html`<article aria-label=${this.title}>
      <header>
        <button class="button plain square" data-handle aria-label="Move or resize ${this.title}, now ${size}" aria-describedby="board-keys"
          title="Drag, or arrow keys to move, Shift and arrow keys to resize">${icon("grip")}</button>
        <h3>${this.title}</h3>
        ${this.spec?.settings?.length ? this.#button("sliders", `Settings of ${this.title}`, this.#configure, this.#configuring) : nothing}
        ${this.#button("close", `Remove ${this.title}`, () => this.#tell("tile-remove"))}
      </header>
      ${this.#configuring ? html`<tile-settings .settings=${this.spec.settings} .chosen=${this.tile.settings} @tile-settings=${this.#settings}></tile-settings>` : nothing}
      ${this.spec ? nothing : html`<p class="absent">No plugin brings this widget at present. It comes back with its plugin.</p>`}
      <div class="tile-frame" @widget-error=${this.#failed}></div>
      <span class="corner" data-corner aria-hidden="true"></span>
    </article>`;
  }

  updated() {
    const wanted = JSON.stringify([this.spec?.module, this.tile.settings]);
    if (!this.spec || wanted === this.#mounted) return;
    this.#mounted = wanted;
    mountWidget(this.#frame, this.#chosen, this.monitor);
  }

  get #frame() {
    return this.querySelector(".tile-frame");
  }

  get #chosen() {
    return { ...this.spec, chosen: this.tile.settings };
  }

  #button(name, label, act, pressed) {
    return html`<button class="button plain square" aria-label=${label} title=${label} aria-expanded=${pressed ?? nothing} @click=${act}>${icon(name)}</button>`;
  }

  /** The card takes this widget's place, not the board's. */
  #failed = (event) => {
    event.stopPropagation();
    failWidget(this.#frame, this.#chosen, event.detail, this.monitor);
  };

  #configure = () => {
    this.#configuring = !this.#configuring;
    this.requestUpdate();
  };

  #settings = (event) => {
    event.stopPropagation();
    this.#configuring = false;
    this.#tell("tile-configure", event.detail);
    this.requestUpdate();
  };

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail: { id: this.tile.id, ...detail }, bubbles: true }));
  }
}

customElements.define("board-tile", BoardTile);
