// The line between list and inspector: dragged, or moved with the arrow keys; double click puts it back.
import { preference, setPreference } from "../core/preferences.js";

const USUAL = 55;
const LEAST = 25;
const MOST = 80;

class Divider extends HTMLElement {
  #percent = USUAL;

  connectedCallback() {
    this.setAttribute("aria-valuemin", String(LEAST));
    this.setAttribute("aria-valuemax", String(MOST));
    this.#set(Number(preference("split", String(USUAL))));
    this.addEventListener("pointerdown", this.#onDown);
    this.addEventListener("keydown", this.#onKey);
    this.addEventListener("dblclick", () => this.#keep(USUAL));
  }

  #set(percent) {
    this.#percent = Math.max(LEAST, Math.min(MOST, percent || USUAL));
    this.parentElement.style.setProperty("--split", `${this.#percent}%`);
    this.setAttribute("aria-valuenow", String(Math.round(this.#percent)));
  }

  #keep(percent) {
    this.#set(percent);
    setPreference("split", this.#percent.toFixed(1));
  }

  #onDown = (event) => {
    event.preventDefault();
    this.setPointerCapture(event.pointerId);
    this.dataset.dragging = "";
    const { left, width } = this.parentElement.getBoundingClientRect();
    const onMove = (move) => this.#set(((move.clientX - left) / width) * 100);
    const onUp = () => {
      this.removeEventListener("pointermove", onMove);
      delete this.dataset.dragging;
      this.#keep(this.#percent);
    };
    this.addEventListener("pointermove", onMove);
    this.addEventListener("lostpointercapture", onUp, { once: true });
  };

  #onKey = (event) => {
    const target = { ArrowLeft: this.#percent - 2, ArrowRight: this.#percent + 2, Home: LEAST, End: MOST, Enter: USUAL }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#keep(target);
  };
}

customElements.define("monitor-divider", Divider);
