// What a mouse, a trackpad and fingers do to a timeline: wheel and pinch zoom, drag pans, a short press selects.
// @ts-check

/** A press that moves no further (px) is a click. */
const STILL = 4;
/** A wheel's step in lines or pages, in pixels. */
const LINE = 16;

/**
 * @typedef {object} Target
 * @property {(factor: number, x: number) => void} zoom
 * @property {(x: number, y: number) => void} pan by pixels
 * @property {(x: number, y: number, double: boolean) => void} press
 * @property {(x: number, y: number|null) => void} hover y null: the pointer left
 */

/** @param {HTMLElement} element @param {Target} target */
export function listenToGestures(element, target) {
  /** @type {Map<number, {x: number, y: number}>} */
  const down = new Map();
  let moved = 0;
  const place = (/** @type {MouseEvent} */ event) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    const unit = event.deltaMode ? LINE : 1;
    const [sideways, upright] = [event.deltaX * unit, event.deltaY * unit];
    if (event.shiftKey && !event.ctrlKey) target.pan(0, -(upright || sideways));
    else if (!event.ctrlKey && Math.abs(sideways) > Math.abs(upright)) target.pan(-sideways, 0);
    else target.zoom(Math.exp(Math.max(-120, Math.min(120, upright)) * (event.ctrlKey ? 0.01 : 0.004)), place(event).x);
  }, { passive: false });

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    down.set(event.pointerId, place(event));
    if (down.size === 1) moved = 0;
  });
  element.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    const now = place(event);
    if (!before) return target.hover(now.x, now.y);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) pinch(before, now, other);
    else if (moved > STILL) target.pan(now.x - before.x, now.y - before.y);
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    down.set(event.pointerId, now);
  });
  const up = (/** @type {PointerEvent} */ event) => {
    const at = down.get(event.pointerId);
    down.delete(event.pointerId);
    if (at && !down.size && moved <= STILL && event.type === "pointerup") target.press(at.x, at.y, false);
  };
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("pointerleave", () => target.hover(0, null));
  element.addEventListener("dblclick", (event) => target.press(place(event).x, place(event).y, true));

  /** Two fingers: what is between them stays between them. */
  function pinch(before, now, other) {
    const spread = (a, b) => Math.max(20, Math.abs(a.x - b.x));
    const middle = (a, b) => (a.x + b.x) / 2;
    target.zoom(spread(before, other) / spread(now, other), middle(now, other));
    target.pan(middle(now, other) - middle(before, other), 0);
    moved = STILL + 1;
  }
}
