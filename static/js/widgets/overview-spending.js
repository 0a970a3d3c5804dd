// What was spent: a labelled bar for each of the last seven days, and today by project.
import { html, nothing } from "lit";
import { count, plural } from "../core/format.js";
import { amount, reservations, usd } from "../core/money.js";
import { axisDollars, dayBars } from "../core/overview.js";
import { projectName } from "../core/sessions.js";

const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric" });

/**
 * @param {any} byDay answer about days, null while it is not known @param {any} byProject that about today's projects
 * @param {string[]} days the days of the chart, today last
 */
export function spending(byDay, byProject, days) {
  if (!byDay) return html`<section aria-labelledby="spent"><h2 id="spent">Spent</h2><p class="none">Loading…</p></section>`;
  const { top, bars } = dayBars(byDay.costs, days);
  const today = bars.at(-1)?.row;
  return html`<section aria-labelledby="spent">
    <h2 id="spent">Spent today <span class="figure">${amount(today)}</span>${reservations(today).map((text) => html` <span class="quiet">${text}</span>`)}</h2>
    ${top ? chart(bars, top) : html`<p class="none">Nothing was spent in the last seven days, as far as transcripts tell.</p>`}
    ${projects(byProject)}
  </section>`;
}

function chart(bars, top) {
  return html`<figure>
    <figcaption>USD a day, last 7 days by your clock</figcaption>
    <div class="plot">
      <span class="axis" aria-hidden="true"><i>${usd(axisDollars(top))}</i><i>${usd(axisDollars(top / 2))}</i><i>${usd("0")}</i></span>
      <ol class="bars">${bars.map(({ day, row, part }) => html`<li title=${row ? `${day}: ${amount(row)}, ${plural(row.calls, "call")}` : `${day}: no calls`}>
        <span class="value">${row ? amount(row) : "–"}</span>
        <span class="room" aria-hidden="true"><i class="bar" .style=${`height:${part * 100}%`}></i></span>
        <span class="day">${weekday.format(new Date(`${day}T12:00`))}</span>
      </li>`)}</ol>
    </div>
  </figure>`;
}

function projects(report) {
  if (!report?.costs.length) return nothing;
  return html`<table>
    <caption>Today by project</caption>
    <tbody>${report.costs.map((row) => html`<tr><th scope="row" title=${row.project}>${projectName(row)}</th><td class="quiet">${count(row.calls)} ${row.calls === 1 ? "call" : "calls"}</td><td>${amount(row)}</td></tr>`)}</tbody>
  </table>`;
}
