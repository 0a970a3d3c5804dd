// Tile "Token burn": a bar for each minute up to the last call, and the sums above them.
import { svg } from "lit";
import { Widget, css, format, html } from "@mpm-monitor/sdk";

const MINUTE = 60e6;
const dollars = new Intl.NumberFormat(undefined, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" });

export default class TokenBurn extends Widget {
  static styles = [
    Widget.styles,
    css`
      :host { display: flex; flex-direction: column; gap: var(--space-3); box-sizing: border-box; padding: var(--space-4); font-size: var(--text-s); }
      dl { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-6); margin: 0; }
      dt { color: var(--text-3); font-size: var(--text-xs); }
      dd { margin: 0; font-size: var(--text-l); font-weight: var(--medium); font-variant-numeric: tabular-nums; }
      svg { flex: 1 0 48px; width: 100%; height: 0; min-height: 48px; border-bottom: 1px solid var(--axis); }
      rect { fill: var(--series-1); }
      p { display: flex; justify-content: space-between; margin: 0; color: var(--text-3); font-size: var(--text-xs); }
    `,
  ];

  render() {
    const documents = this.monitor.store.documents("api_call");
    documents.rest(); // older ones, too
    const calls = documents.all.map(({ value }) => value).filter((call) => call.usage && call.at);
    if (!calls.length) return html`<p>No API call yet: transcripts and telemetry tell of them.</p>`;
    const { minutes } = this.config.settings;
    const last = Math.max(...calls.map(({ at }) => at));
    const first = last - (minutes - 1) * MINUTE;
    const recent = calls.filter(({ at }) => at > first - MINUTE);
    const bars = Array.from({ length: minutes }, () => 0);
    for (const call of recent) bars[Math.min(minutes - 1, Math.max(0, Math.ceil((call.at - first) / MINUTE)))] += tokensOf(call);
    const most = Math.max(...bars);
    const [tokens, cost] = [recent.reduce((sum, call) => sum + tokensOf(call), 0), recent.reduce((sum, call) => sum + (call.cost?.total ?? 0), 0) / 1e12];
    return html`
      <dl><div><dt>Tokens</dt><dd>${format.count(tokens)}</dd></div>
        <div><dt>Most in a minute</dt><dd>${format.count(most)}</dd></div>
        <div><dt>Cost</dt><dd>${dollars.format(cost)}</dd></div></dl>
      <svg viewBox="0 0 ${minutes} 100" preserveAspectRatio="none" role="img" aria-label="Tokens a minute, ${format.count(most)} at most">
        ${bars.map((tokens, minute) => bar(minute, most ? (tokens / most) * 100 : 0))}
      </svg>
      <p><span>${format.moment(first)}</span><span>${format.moment(last)}</span></p>`;
  }
}

function tokensOf({ usage }) {
  return usage.input + usage.output + usage.cache_read + usage.cache_write_5m + usage.cache_write_1h;
}

function bar(minute, height) {
  return svg`<rect x=${minute + 0.1} y=${100 - height} width="0.8" height=${height}></rect>`;
}
