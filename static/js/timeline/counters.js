// Small charts under the lanes: tokens and cost in each step of time, and how full the context was.
import { duration } from "../core/format.js";
import { dollars, tokens, usd } from "../core/money.js";

const CHART = 40;

/** @param {any} counters */
export function countersHeight(counters) {
  return counters ? (counters.context ? 3 : 2) * CHART + 1 : 0;
}

/** What the charts show, each with its largest value in sight as text. @param {any} counters @param {import("./scale.js").Range} range */
export function charts(counters, range) {
  const inSight = (values) => values.filter((value, index) => {
    const at = counters.from + index * counters.step;
    return value !== null && at + counters.step > range.from && at < range.to;
  });
  const per = duration(counters.step);
  const chart = (title, values, text, line = false) => {
    const seen = inSight(values);
    const most = Math.max(0, ...seen);
    return { title, values, line, most, text: seen.length ? text(most, seen) : "–" };
  };
  const list = [
    chart("Tokens", counters.tokens, (most) => `most ${tokens(most)} in ${per}`),
    chart("Cost", counters.cost, (most, seen) => `${usd(dollars(seen.reduce((sum, value) => sum + value, 0)))} in sight`),
  ];
  if (counters.context) list.push(chart("Context", counters.context, (most) => `most ${tokens(most)} tokens`, true));
  return list;
}

export function paintCounters(scene, x) {
  const { context, theme, width, height, counters } = scene;
  const top = height - countersHeight(counters);
  context.fillStyle = theme.bg;
  context.fillRect(0, top, width, height - top);
  context.fillStyle = theme.strong;
  context.fillRect(0, top, width, 1);
  for (const [number, chart] of charts(counters, scene.range).entries()) {
    paintChart(scene, chart, top + 1 + number * CHART, theme.series[[0, 2, 5][number]], x);
  }
}

function paintChart(scene, chart, top, colour, x) {
  const { context, theme, width, left, counters } = scene;
  const floor = top + CHART - 5;
  const room = CHART - (left ? 12 : 22);
  context.save();
  context.beginPath();
  context.rect(left, top, width - left, CHART);
  context.clip();
  context.fillStyle = colour;
  const size = Math.max(1, x(counters.from + counters.step) - x(counters.from) - 1);
  chart.values.forEach((value, index) => {
    if (!value || !chart.most) return;
    const at = counters.from + index * counters.step;
    if (at > scene.answer.extent.to) return;
    const start = x(at);
    if (start > width || start + size < left) return;
    const tall = Math.min(room, Math.max(1, (value / chart.most) * room));
    if (chart.line) {
      context.globalAlpha = 0.25;
      context.fillRect(start, floor - tall, size + 1, tall);
      context.globalAlpha = 1;
      context.fillRect(start, floor - tall, size + 1, 1.5);
    } else context.fillRect(start, floor - tall, size, tall);
  });
  context.restore();
  context.fillStyle = theme.line;
  context.fillRect(0, top + CHART - 1, width, 1);
  paintTitle(scene, chart, top);
}

function paintTitle({ context, theme, left }, { title, text }, top) {
  if (left) {
    context.fillStyle = theme.raised;
    context.fillRect(0, top, left - 1, CHART - 1);
    context.fillStyle = theme.line;
    context.fillRect(left - 1, top, 1, CHART);
  }
  context.textAlign = "left";
  context.font = theme.strongFont;
  context.fillStyle = theme.text;
  context.fillText(title, 12, top + (left ? 13 : 9));
  context.font = theme.font;
  context.fillStyle = theme.text3;
  context.fillText(text, left ? 12 : 72, top + (left ? 28 : 9));
}
