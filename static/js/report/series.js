// Time series as lines: one shape a line, a legend that tells them apart by name, and the values as a table for who cannot see them.
import { html, svg } from "lit";
import { moment } from "../core/format.js";
import { written } from "./units.js";

const [WIDTH, HEIGHT] = [320, 96];
const DASHES = ["", "5 3", "2 2", "8 3 2 3", "1 3", "10 4", "4 2 1 2", "6 6"];

/** @param {{series: {label: string, points: [number, number][]}[], unit: string, title: string}} points are (µs, value) */
export function series({ series: lines, unit, title }) {
  const drawn = lines.map(({ label, points }) => ({ label, points: points.filter(([at, value]) => Number.isFinite(at) && Number.isFinite(value)) })).filter(({ points }) => points.length);
  if (!drawn.length) return html`<p class="quiet">Nothing yet.</p>`;
  const scale = scaleOf(drawn.flatMap(({ points }) => points));
  const last = drawn.map(({ label, points }) => `${label} ${written(points.at(-1)[1], unit)}`).join(", ");
  return html`<figure>
    <div class="plot"><span class="axis" aria-hidden="true"><i>${written(scale.top, unit)}</i><i>${written(scale.bottom, unit)}</i></span>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${`${title || "Series"}: ${last}`}>
        ${drawn.map((line, index) => svg`<polyline class="line s${(index % 8) + 1}" stroke-dasharray=${DASHES[index % DASHES.length]} points=${pathOf(line.points, scale)}></polyline>`)}
      </svg></div>
    <p class="ends" aria-hidden="true"><i>${moment(scale.from)}</i><i>${moment(scale.to)}</i></p>
    <figcaption>${drawn.map(({ label, points }, index) => html`<span class="key"><svg viewBox="0 0 18 8" aria-hidden="true"><path class="line s${(index % 8) + 1}" stroke-dasharray=${DASHES[index % DASHES.length]} d="M0 4h18"></path></svg>${label} ${written(points.at(-1)[1], unit)}</span>`)}</figcaption>
  </figure>`;
}

/** @param {[number, number][]} points */
export function scaleOf(points) {
  const [times, values] = [points.map(([at]) => at), points.map(([, value]) => value)];
  const bound = (all, pick) => all.reduce((one, other) => pick(one, other));
  return { from: bound(times, Math.min), to: bound(times, Math.max), bottom: Math.min(0, bound(values, Math.min)), top: Math.max(0, bound(values, Math.max)) };
}

/** @param {[number, number][]} points @param {ReturnType<typeof scaleOf>} scale */
export function pathOf(points, { from, to, bottom, top }) {
  const across = (at) => (to === from ? WIDTH / 2 : ((at - from) / (to - from)) * WIDTH);
  const up = (value) => (top === bottom ? HEIGHT - 1 : HEIGHT - 1 - ((value - bottom) / (top - bottom)) * (HEIGHT - 2));
  // One value is a stroke across: a point would not be seen.
  if (points.length === 1) return `0,${up(points[0][1]).toFixed(1)} ${WIDTH},${up(points[0][1]).toFixed(1)}`;
  return [...points].sort(([one], [other]) => one - other).map(([at, value]) => `${across(at).toFixed(1)},${up(value).toFixed(1)}`).join(" ");
}
