// The spans in sight as a list, for who reads by ear or goes by keys: the one pointed at is framed on the canvas.
import { html, nothing } from "lit";
import { KEY, ROW, START, TYPE } from "./window.js";
import { sentence } from "./words.js";

/** Spans that are told of around the one pointed at: a list of thousands helps nobody. */
const TOLD = 40;

/** Where a spot is among others, though these may have been read anew. @param {import("./layout.js").Spot[]} spots @param {import("./layout.js").Spot|null} spot */
export function indexOf(spots, spot) {
  if (!spot) return -1;
  const { span } = spot;
  return spots.findIndex(({ span: other }) => other[KEY] === span[KEY] && other[TYPE] === span[TYPE] && other[START] === span[START] && other[ROW] === span[ROW]);
}

/** @param {import("./layout.js").Spot[]} spots @param {import("./layout.js").Spot|null} cursor @param {number} now µs @param {{key: (event: KeyboardEvent) => void, focus: (spot: any) => void, blur: () => void}} on */
export function spotList(spots, cursor, now, on) {
  const at = Math.max(0, indexOf(spots, cursor));
  const first = Math.max(0, at - TOLD / 2);
  return html`<div class="spans" role="listbox" tabindex="0" aria-label="Spans in sight" aria-activedescendant=${spots.length ? `spot-${at}` : nothing}
    @keydown=${on.key} @focus=${() => on.focus(spots[at] ?? null)} @blur=${on.blur}>
    ${spots.slice(first, first + TOLD).map((spot, number) => html`<div role="option" id="spot-${first + number}" aria-setsize=${spots.length} aria-posinset=${first + number + 1}
      aria-selected=${String(first + number === at)}>${sentence(spot, now)}</div>`)}
  </div>`;
}
