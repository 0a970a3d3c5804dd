// The head of the tab "Cost": the figures in all, what they leave open, and how Claude Code's own total compares.
import { html, nothing } from "@mpm-monitor/sdk";
import { comparison, sourcesText, unpricedText } from "../core/costs.js";
import { count, plural } from "../core/format.js";
import { amount, cacheWrites, share, tokens } from "../core/money.js";

/** @param {any} total sums, from the server @param {any} reconciliation of the session shown, or null */
export function summary(total, reconciliation) {
  return html`<section class="summary" aria-label="In all">
    <dl class="figures">
      ${figure("Cost, USD", amount(total), total.unpriced < total.calls ? total.usd.total : "", "total")}
      ${figure("Input", tokens(total.input), count(total.input))}
      ${figure("Output", tokens(total.output), count(total.output))}
      ${figure("To cache", tokens(cacheWrites(total)), writesOf(total))}
      ${figure("From cache", tokens(total.cache_read), count(total.cache_read))}
      ${figure("Cache hits", share(total.cache_hit_ratio), "of the prompt tokens")}
      ${figure("API calls", count(total.calls), "")}
    </dl>
    <ul class="notes">
      ${total.unpriced ? html`<li><b class="tag">unpriced</b> ${plural(total.unpriced, "call")} without a known price, in no amount: ${unpricedText(total, count)}</li>` : nothing}
      ${total.low_confidence ? html`<li><b class="tag">estimate</b> too little output was recorded for ${plural(total.low_confidence, "call")}: the true cost is higher</li>` : nothing}
      ${reconciliation ? html`<li>${comparison(reconciliation)}</li>` : nothing}
      <li>API calls: ${sourcesText(total.sources, count)}</li>
    </ul>
  </section>`;
}

function writesOf(total) {
  return `${count(total.cache_write_5m)} for 5 min, ${count(total.cache_write_1h)} for 1 h`;
}

function figure(label, value, exact, name = "") {
  return html`<div class=${name}><dt>${label}</dt><dd title=${exact || nothing}>${value}</dd></div>`;
}
