// Names of lanes: beside them where there is room, above them where there is not.
import { ROW_HEIGHT } from "./layout.js";

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
  const shown = cut(context, title, most);
  context.fillText(shown, indent, y);
  if (!lane.detail) return;
  context.fillStyle = theme.text3;
  context.font = theme.font;
  if (beside && lane.rows > 1) context.fillText(cut(context, lane.detail, most), indent, y + ROW_HEIGHT);
  else {
    const used = widthOf(context, shown, theme.strongFont) + 8;
    if (most - used > 40) context.fillText(cut(context, lane.detail, most - used), indent + used, y);
  }
}

/** Names of lanes are few, and drawn in every frame. @type {Map<string, number>} */
const widths = new Map();

function widthOf(context, text, font) {
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (widths.size > 5000) widths.clear();
  const before = context.font;
  context.font = font;
  const { width } = context.measureText(text);
  context.font = before;
  widths.set(key, width);
  return width;
}

/** As much of a text as there is room for, in the font that is set. */
function cut(context, text, room) {
  const fits = (shown) => widthOf(context, shown, context.font) <= room;
  if (fits(text)) return text;
  let [least, most] = [0, text.length];
  while (most - least > 1) {
    const middle = (least + most) >> 1;
    if (fits(`${text.slice(0, middle)}…`)) least = middle;
    else most = middle;
  }
  return `${text.slice(0, least)}…`;
}
