// The readable form of a cost: what it is made of, how sure it is, and the calls it rests on.
import { html, nothing } from "lit";
import { comparison, costKey, rowName, sourcesText, unpricedText } from "../core/costs.js";
import { count, plural } from "../core/format.js";
import { amount, amountText, share, usd } from "../core/money.js";
import { facts, section } from "./blocks.js";
import "./api-calls.js";

/** @param {any} value the inspector's subject @param {{store: any, api: any, open: (head: any) => void}} inspector */
export function costBody({ document: row, by, compared, rest }, inspector) {
  return html`
    ${section("Made of", table(row))}
    ${facts([
      ["API calls", count(row.calls)],
      ["Tool calls", row.tool_name ? count(row.tool_calls) : ""],
      ["Cache hits", row.cache_hit_ratio === null ? "" : `${share(row.cache_hit_ratio)} of the prompt tokens`],
      ["Unpriced", row.unpriced ? `${plural(row.unpriced, "call")}, in no amount: ${unpricedText(row, count)}` : ""],
      ["Estimate", row.low_confidence ? `too little output was recorded for ${plural(row.low_confidence, "call")}` : ""],
      ["Sources", sourcesText(row.sources, count)],
      ["Project", by === "session" ? row.project : ""],
      ["Session", row.session_id],
      ["Agent id", row.agent_id],
    ])}
    ${compared ? section("Claude Code’s own total", html`<p>${comparison(compared)}</p>`) : nothing}
    ${row.estimate ? html`<p class="quiet">An estimate: what asking for it and taking in what it handed back cost.</p>` : nothing}
    ${rest ? shares(rest, inspector.store) : row.links["api-calls"] ? html`<monitor-api-calls .row=${row} .api=${inspector.api} .open=${(head) => inspector.open(head)}></monitor-api-calls>` : nothing}
  `;
}

function table(row) {
  const known = row.unpriced < row.calls;
  const line = (name, number, cost) => html`<tr><th scope="row">${name}</th><td>${count(number)}</td><td>${known && cost !== undefined ? usd(cost) : "–"}</td></tr>`;
  return html`<table class="sums">
    <thead><tr><td></td><th scope="col">Tokens</th><th scope="col">USD</th></tr></thead>
    <tbody>
      ${line("Input", row.input, row.usd.input)}
      ${line("Output", row.output, row.usd.output)}
      <tr><th scope="row">To cache, 5 min</th><td>${count(row.cache_write_5m)}</td><td rowspan="2">${known ? usd(row.usd.cache_write) : "–"}</td></tr>
      <tr><th scope="row">To cache, 1 h</th><td>${count(row.cache_write_1h)}</td></tr>
      ${line("From cache", row.cache_read, row.usd.cache_read)}
      ${row.web_searches ? line("Web searches", row.web_searches, row.usd.web_search) : nothing}
    </tbody>
    <tfoot><tr><th scope="row">Total</th><td></td><td title=${known ? row.usd.total : nothing}>${amount(row)}</td></tr></tfoot>
  </table>`;
}

/** What a cost is divided into further, when calls cannot be asked for by its name: links to those costs. */
function shares({ by, rows }, store) {
  const open = (row) => store.select({ type: "cost", key: costKey(by, row, "") });
  return section(by === "session" ? "Sessions" : "Agents", html`<ul class="calls">${rows.map((row) => {
    const { name, more } = rowName(row);
    return html`<li><span><button class="link" @click=${() => open(row)}>${name}</button> <span class="quiet">${by === "session" ? nothing : more}</span></span><span class="sum">${amountText(row)}</span></li>`;
  })}</ul>`, count(rows.length));
}
