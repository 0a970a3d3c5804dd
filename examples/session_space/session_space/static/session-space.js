// Tab "Space": every tool call is a bar in a space drawn by CSS alone; drag or arrow keys turn it, a click selects a call.
import { Widget, css, format, html } from "@mpm-monitor/sdk";
import { lanesOf, placed } from "./space.js";

const TURN = 6;
/** From lane to lane in px; how far turning moves the ends of lanes; how much wider perspective makes what is near. */
const LANE = 110;
const ENDS = 240;
const NEAR = 1.3;
const KEYS = { ArrowLeft: [0, -TURN], ArrowRight: [0, TURN], ArrowUp: [TURN, 0], ArrowDown: [-TURN, 0] };

export default class SessionSpace extends Widget {
  static styles = [
    Widget.styles,
    css`
      :host { display: flex; flex-direction: column; overflow: hidden; }
      .stage { flex: 1; min-height: 0; perspective: 900px; overflow: hidden; cursor: grab; touch-action: none; outline: none; }
      .stage:focus-visible { box-shadow: inset 0 0 0 2px var(--focus); }
      .space { position: relative; left: 50%; top: 46%; width: 0; height: 0; transform-style: preserve-3d; }
      .lane { position: absolute; width: 90px; height: 900px; margin-left: -45px; border: solid var(--line); border-width: 0 1px; transform-origin: top; }
      .name { position: absolute; width: 100px; margin-left: -50px; color: var(--text-2); font-size: var(--text-l); text-align: center; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
      .call { position: absolute; width: 64px; margin-left: -32px; padding: 0; border: 1px solid var(--bg); border-radius: var(--radius-s); background: var(--fill-ok); cursor: pointer; }
      .call[data-status="error"], .call[data-status="failed"] { background: var(--fill-error); }
      .call[data-status="denied"] { background: var(--fill-denied); }
      .call[data-status="running"] { background: var(--fill-running); }
      .call:hover, .call:focus-visible { outline: 2px solid var(--focus); }
      footer { flex: none; display: flex; flex-wrap: wrap; gap: var(--space-3) var(--space-5); padding: var(--space-3) var(--space-4); border-top: 1px solid var(--line); color: var(--text-2); font-size: var(--text-s); }
    `,
  ];

  #angles = [-62, 14];
  #resized = new ResizeObserver(() => this.#turn());

  render() {
    const documents = this.monitor.store.documents("tool_call");
    documents.rest(); // older ones, too
    const calls = documents.all.map(({ value }) => value);
    const lanes = lanesOf(calls);
    const words = `${format.plural(calls.length, "tool call")} of ${format.plural(lanes.length, "agent")}`;
    return html`
      <div class="stage" tabindex="0" role="group" aria-label="Session in three dimensions: ${words}" @keydown=${this.#onKey} @pointerdown=${this.#onDown}>
        <div class="space">
          ${lanes.map(({ name }, lane) => html`<div class="lane" data-lane=${lane}></div><div class="name" data-lane=${lane}>${name}</div>`)}
          ${placed(calls, lanes).map(({ call, ...place }) => html`<button class="call" tabindex="-1" data-status=${call.status} .place=${place}
            title="${call.tool_name} ${call.detail}, ${call.status}, ${format.duration(call.duration_us)}" aria-label="${call.tool_name} ${call.detail}"
            @click=${() => this.monitor.store.select({ type: "tool_call", key: `${call.session_id}/${call.tool_use_id}` })}></button>`)}
        </div>
      </div>
      <footer><span>${words}. Height is how long a call took, depth is when.</span><span>Drag, or arrow keys, to turn.</span></footer>`;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  updated() {
    this.#turn();
    const count = this.renderRoot.querySelectorAll(".lane").length;
    for (const element of this.renderRoot.querySelectorAll("[data-lane]")) {
      const x = (Number(element.dataset.lane) - (count - 1) / 2) * LANE;
      element.style.transform = element.className === "lane" ? `translate3d(${x}px, -450px, 0)` : `translate3d(${x}px, 470px, 0) rotateX(-58deg)`;
    }
    for (const element of this.renderRoot.querySelectorAll(".call")) {
      const { lane, from, length, height } = element.place;
      const x = (lane - (count - 1) / 2) * LANE;
      element.style.height = `${Math.max(6, length * 900)}px`;
      element.style.transform = `translate3d(${x}px, ${450 - (from + length) * 900}px, ${height}px)`;
      element.style.boxShadow = `0 ${Math.min(24, height / 3)}px 12px #00000040`;
    }
  }

  #turn() {
    const [x, z] = this.#angles;
    const space = this.renderRoot.querySelector(".space");
    if (!space) return;
    // All lanes are within the stage, as it is turned at first.
    const width = (this.renderRoot.querySelectorAll(".lane").length * LANE + ENDS) * NEAR;
    const scale = Math.min(0.8, this.clientWidth / width);
    space.style.transform = `rotateX(${-x}deg) rotateZ(${z}deg) scale3d(${scale}, ${scale}, ${scale})`;
  }

  #by(x, z) {
    this.#angles = [Math.max(-88, Math.min(0, this.#angles[0] - x)), this.#angles[1] + z];
    this.#turn();
  }

  #onKey = (event) => {
    if (!KEYS[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    this.#by(...KEYS[event.key]);
  };

  #onDown = (event) => {
    if (event.button !== 0 || event.target.localName === "button") return;
    const stage = event.currentTarget;
    let at = event;
    const move = (next) => {
      this.#by((at.clientY - next.clientY) / 4, (next.clientX - at.clientX) / 4);
      at = next;
    };
    stage.setPointerCapture(event.pointerId);
    stage.addEventListener("pointermove", move);
    stage.addEventListener("lostpointercapture", () => stage.removeEventListener("pointermove", move), { once: true });
  };
}
