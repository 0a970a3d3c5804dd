// The canvas of a timeline: one drawing a frame at most, sharp on any display, and only what moves is drawn again.
import { countersHeight } from "./counters.js";
import { hatching } from "./glyphs.js";
import { AXIS_HEIGHT, gutter, placed } from "./layout.js";
import { paint } from "./paint.js";
import { readTheme, watchTheme } from "./theme.js";

export class Screen {
  width = 0;
  height = 0;
  scroll = 0;
  /** @type {import("./layout.js").Place[]} */
  places = [];
  lanesTotal = 0;

  #canvas;
  #context;
  #describe;
  #frame = 0;
  #theme = null;
  #hatch = null;
  #ratio = 1;
  #answer = null;
  #laidFor = -1;
  #resize;
  #unwatch = () => {};

  /** @param {HTMLCanvasElement} canvas @param {() => any} describe what is to be drawn, null while nothing is known @param {() => void} resized */
  constructor(canvas, describe, resized) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#describe = describe;
    this.#resize = new ResizeObserver(() => this.#measure(resized));
    this.#resize.observe(canvas);
    this.#unwatch = watchTheme(() => ((this.#theme = null), this.draw()));
    this.#measure(resized);
  }

  close() {
    cancelAnimationFrame(this.#frame);
    this.#resize.disconnect();
    this.#unwatch();
  }

  get left() {
    return gutter(this.width);
  }

  /** Height of the part that lanes are in. */
  get lanesHeight() {
    return Math.max(0, this.height - AXIS_HEIGHT - countersHeight(this.#answer?.counters));
  }

  /** Draw in the next frame. */
  draw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  /** @param {number} by pixels */
  scrollBy(by) {
    this.scroll = Math.max(0, Math.min(this.scroll + by, this.lanesTotal - this.lanesHeight));
    this.draw();
  }

  /** Bring a row into sight. @param {number} top @param {number} height */
  reveal(top, height) {
    if (top < this.scroll) this.scrollBy(top - this.scroll);
    else if (top + height > this.scroll + this.lanesHeight) this.scrollBy(top + height - this.scroll - this.lanesHeight);
  }

  #measure(resized) {
    const { clientWidth, clientHeight } = this.#canvas;
    const ratio = globalThis.devicePixelRatio || 1;
    if (clientWidth === this.width && clientHeight === this.height && ratio === this.#ratio) return;
    [this.width, this.height] = [clientWidth, clientHeight];
    if (ratio !== this.#ratio) this.#theme = null;
    this.#ratio = ratio;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    if (clientWidth) resized();
    this.#paint();
  }

  #paint() {
    const scene = this.#describe();
    if (!scene || !this.width) return;
    this.#lay(scene.answer);
    const ratio = this.#ratio;
    if (!this.#theme) {
      this.#theme = readTheme(this.#canvas);
      this.#hatch = hatching(this.#context, this.#theme.waits, this.#theme.waiting, ratio);
    }
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { counters } = scene.answer;
    paint({
      ...scene, context: this.#context, width: this.width, height: this.height, left: this.left, theme: this.#theme, hatch: this.#hatch,
      places: this.places, scroll: this.scroll, lanesHeight: this.lanesHeight, counters,
    });
  }

  #lay(answer) {
    if (answer === this.#answer && this.#laidFor === this.width) return;
    [this.#answer, this.#laidFor] = [answer, this.width];
    const { places, height } = placed(answer.lanes, this.left === 0);
    [this.places, this.lanesTotal] = [places, height];
    this.scroll = Math.max(0, Math.min(this.scroll, height - this.lanesHeight));
  }
}
