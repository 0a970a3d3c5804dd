// Names of lanes: beside them where there is room, above them where there is not.
import { ROW_HEIGHT } from "./layout.js";

/** Room a letter takes on average in the two fonts (px). */
const LETTER = 5.9;
const STRONG_LETTER = 6.6;

/** @param {import("./paint.js").Scene} scene @param {import("./layout.js").Place} place */
export function paintName(scene, place) {
  const { context, theme, left, width } = scene;
  const { lane } = place;
  const beside = left > 0;
  const indent = 12 + Math.min(lane.depth, 6) * 12;
  const most = (beside ? left : width) - indent - 8;
  if (beside) {
    context.fillStyle = theme.raised;
    context.fillRect(0, place.top, left, place.height - 1);
    context.fillStyle = theme.line;
    context.fillRect(left - 1, place.top, 1, place.height);
  }
  const title = lane.agents > 1 ? `${lane.title} × ${lane.agents}` : lane.title;
  context.textAlign = "left";
  context.font = theme.strongFont;
  context.fillStyle = theme.text;
  const y = beside ? place.rowsTop + ROW_HEIGHT / 2 : place.top + 11;
  const shown = cut(title, most, STRONG_LETTER);
  context.fillText(shown, indent, y);
  if (!lane.detail) return;
  context.fillStyle = theme.text3;
  context.font = theme.font;
  if (beside && lane.rows > 1) context.fillText(cut(lane.detail, most, LETTER), indent, y + ROW_HEIGHT);
  else {
    const used = widthOf(context, shown, theme.strongFont) + 8;
    if (most - used > 40) context.fillText(cut(lane.detail, most - used, LETTER), indent + used, y);
  }
}

/** @type {Map<string, number>} */
const widths = new Map();

/** Names of lanes are few, and drawn in every frame. */
function widthOf(context, text, font) {
  const known = widths.get(text);
  if (known !== undefined) return known;
  if (widths.size > 1000) widths.clear();
  const before = context.font;
  context.font = font;
  const { width } = context.measureText(text);
  context.font = before;
  widths.set(text, width);
  return width;
}

function cut(text, room, letter) {
  const letters = Math.max(1, Math.floor(room / letter));
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}
