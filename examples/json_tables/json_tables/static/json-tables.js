// Drawing "JSON tables": what an MCP tool was given, and what it answered, as a table if it is a list of objects.
import { Widget, css, format, html, nothing } from "@mpm-monitor/sdk";
import { columnsOf, tableOf, textOf } from "./rows.js";

const FIRST_ROWS = 20;
const MORE_ROWS = 200;
const MOST_COLUMNS = 24;
const LONGEST_CELL = 300;
/** Texts up to here, such as names and dates, are kept on a line. */
const SHORT = 20;
const LONGEST_TEXT = 30_000;

export default class JsonTables extends Widget {
  static styles = [
    Widget.styles,
    css`
      :host { display: block; }
      h3 { display: flex; justify-content: space-between; margin: 0 0 var(--space-2); color: var(--text-2); font-size: var(--text-s); font-weight: var(--strong); }
      h3 small { color: var(--text-3); font-size: inherit; font-weight: normal; }
      section + section { margin-top: var(--space-4); }
      dl { display: grid; grid-template-columns: minmax(92px, max-content) minmax(0, 1fr); gap: var(--space-1) var(--space-3); margin: 0; font-size: var(--text-s); }
      dt { color: var(--text-3); }
      dd { margin: 0; }
      .frame { max-height: 60vh; overflow: auto; border: 1px solid var(--line); border-radius: var(--radius-m); background: var(--bg-sunken); }
      .frame:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
      table { min-width: 100%; border-collapse: collapse; font-size: var(--text-s); font-variant-numeric: tabular-nums; }
      th, td { max-width: 36ch; padding: var(--space-2) var(--space-3); text-align: left; vertical-align: top; overflow-wrap: break-word; }
      th { position: sticky; top: 0; background: var(--bg-raised); box-shadow: inset 0 -1px var(--line); color: var(--text-2); font-weight: var(--strong); white-space: nowrap; }
      tbody tr + tr { border-top: 1px solid var(--line); }
      .number { text-align: right; }
      .short { white-space: nowrap; }
      .none { color: var(--text-3); }
      pre { margin: 0; padding: var(--space-3) var(--space-4); font: var(--text-s) / 18px var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
      p { margin: var(--space-2) 0 0; color: var(--text-3); font-size: var(--text-s); }
    `,
  ];

  #shown = FIRST_ROWS;

  render() {
    const { input, response } = this.subject.call;
    return html`${this.#input(Object.entries(input))}${response === null ? nothing : this.#result(response)}`;
  }

  #input(pairs) {
    if (!pairs.length) return nothing;
    return html`<section><h3>Input</h3><dl>${pairs.map(([name, value]) => html`<dt>${name}</dt><dd>${shown(value)}</dd>`)}</dl></section>`;
  }

  #result(response) {
    const table = tableOf(response);
    return table ? this.#table(table, columnsOf(table.rows)) : text(textOf(response));
  }

  #table({ rows, besides }, all) {
    const columns = all.slice(0, MOST_COLUMNS);
    const left = rows.length - this.#shown;
    return html`<section>
      <h3>Result<small>${format.plural(rows.length, "row")}</small></h3>
      <div class="frame" tabindex="0" role="region" aria-label="Result"><table>
        <thead><tr>${columns.map((name) => html`<th scope="col" class=${kind(rows[0][name])}>${name}</th>`)}</tr></thead>
        <tbody>${rows.slice(0, this.#shown).map((row) => html`<tr>${columns.map((name) => html`<td class=${kind(row[name])}>${shown(row[name])}</td>`)}</tr>`)}</tbody>
      </table></div>
      ${besides.length ? html`<p>${besides.map(([name, value]) => `${name} ${shown(value)}`).join(" · ")}</p>` : nothing}
      ${left > 0 ? html`<p><button class="link" @click=${this.#more}>Show more</button> · ${format.plural(left, "row")} left</p>` : nothing}
      ${all.length > columns.length ? html`<p>${format.plural(all.length - columns.length, "further field")}: see the JSON.</p>` : nothing}
    </section>`;
  }

  #more = () => {
    this.#shown += MORE_ROWS;
    this.requestUpdate();
  };
}

function text(whole) {
  const rest = whole.length - LONGEST_TEXT;
  return html`<section><h3>Result</h3><div class="frame" tabindex="0" role="region" aria-label="Result"><pre>${whole.slice(0, LONGEST_TEXT)}</pre></div>
    ${rest > 0 ? html`<p>${format.plural(rest, "further character")}: see the JSON.</p>` : nothing}</section>`;
}

/** A value in a cell; lit writes it as text, whatever is in it. */
function shown(value) {
  if (value === undefined || value === null) return "–";
  const written = typeof value === "object" ? JSON.stringify(value) : String(value);
  return written.length > LONGEST_CELL ? `${written.slice(0, LONGEST_CELL)}…` : written;
}

function kind(value) {
  if (value === undefined || value === null) return "none";
  if (typeof value === "number") return "number";
  return shown(value).length <= SHORT ? "short" : "";
}
