// Statuses as marks on a canvas, the same shapes as elsewhere on the page; and the hatching of time spent waiting.
// @ts-check

const SHAPES = {
  error: "M4 4l8 8M12 4l-8 8",
  denied: "M3 8a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M4.5 11.5l7-7",
  interrupted: "M4.5 4.5h7v7h-7z",
  unknown: "M5.8 6a2.2 2.2 0 1 1 3.2 2.2C8.2 8.6 8 9 8 9.7M8 12v.1",
  running: "M5 3.5l6 4.5l-6 4.5z",
};
/** @type {Record<string, Path2D>} */
const paths = {};

/** @param {CanvasRenderingContext2D} context @param {string} status @param {number} x @param {number} y @param {number} size @param {string} colour @returns {boolean} whether the status has a mark */
export function drawMark(context, status, x, y, size, colour) {
  if (!(status in SHAPES)) return false;
  paths[status] ??= new Path2D(SHAPES[status]);
  context.save();
  context.translate(x, y);
  context.scale(size / 16, size / 16);
  context.strokeStyle = colour;
  context.lineWidth = 1.8;
  context.lineCap = "round";
  context.stroke(paths[status]);
  context.restore();
  return true;
}

/** Slanted lines. @param {CanvasRenderingContext2D} context @param {string} ground @param {string} line @param {number} ratio device pixels to a pixel */
export function hatching(context, ground, line, ratio) {
  const tile = document.createElement("canvas");
  const size = Math.round(7 * ratio);
  tile.width = tile.height = size;
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.fillStyle = ground;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = line;
  pen.lineWidth = 1.6 * ratio;
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift - 1, size + 1);
    pen.lineTo(shift + size + 1, -1);
    pen.stroke();
  }
  const pattern = /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"));
  pattern.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}
