// Columns of the event list; two lines a row where there is no room for columns.
import { css } from "lit";

export const eventStyles = css`
  .row { grid-template-columns: 84px 158px minmax(60px, 108px) minmax(0, 1fr) 84px 60px; }
  .row.wide { grid-template-columns: 84px 158px minmax(90px, 180px) minmax(0, 1fr) 84px 60px; }
  .kind { display: flex; align-items: center; gap: var(--space-3); color: var(--text-2); }
  .kind > span { overflow: hidden; text-overflow: ellipsis; }
  .kind .icon { color: var(--text-3); }
  .kind[data-family="prompt"], .kind[data-family="prompt"] .icon { color: var(--accent); }
  .kind[data-family="ask"] .icon { color: var(--denied); }
  .summary { color: var(--text); }
  .dim :is(.kind, .summary, .tool) { color: var(--text-3); font-weight: normal; }
  .summary mark { border-radius: var(--radius-s); background: var(--mark); color: inherit; }
  .at { color: var(--text-3); }
  .facets { flex: none; padding: var(--space-3) var(--space-4); border-bottom: 1px solid var(--line); }
  .columns { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(116px, 1fr); gap: var(--space-5); margin: 0 calc(-1 * var(--space-2)); padding: 0 var(--space-2); overflow-x: auto; scrollbar-width: thin; }
  .facets section { display: flex; flex-direction: column; min-width: 0; }
  .facets h3 { margin: 0; color: var(--text-3); font: var(--text-xs) / var(--line-text) var(--sans); }
  .facet { display: flex; gap: var(--space-3); justify-content: space-between; min-width: 0; margin: 0 calc(-1 * var(--space-2)); padding: 0 var(--space-2); border: 0; border-radius: var(--radius-s); background: none; color: var(--text-2); font: var(--text-s) / var(--line-text) var(--sans); text-align: left; cursor: pointer; }
  .facet > span:first-child { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .facet:hover { background: var(--bg-hover); color: var(--text); }
  .facet[aria-pressed="true"] { background: var(--bg-selected); color: var(--text); }
  .facet:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; }
  .facet .status { display: inline; color: inherit; }
  .facet .status .icon { width: 12px; height: 12px; margin-right: var(--space-2); vertical-align: -2px; }
  .bound { margin: 0; font-size: var(--text-xs); line-height: var(--line-tight); text-align: right; }
  .first-new { border-top: 1px solid var(--accent); }
  .new { color: var(--accent); font-weight: var(--strong); }

  :host(.narrow) .row { grid-template: 20px 20px / auto minmax(0, 1fr) auto auto; align-content: center; height: var(--row-tall); box-shadow: inset 0 -1px 0 var(--line); }
  :host(.narrow) .row[aria-selected="true"] { box-shadow: inset 2px 0 0 var(--accent), inset 0 -1px 0 var(--line); }
  :host(.narrow) .facet { line-height: 28px; }
  :host(.narrow) .kind { grid-area: 1 / 1; }
  :host(.narrow) .agent { grid-area: 1 / 2; }
  :host(.narrow) .status { grid-area: 1 / 3; }
  :host(.narrow) .at { grid-area: 1 / 4; }
  :host(.narrow) .summary { grid-area: 2 / 1 / 2 / 4; }
  :host(.narrow) .length { grid-area: 2 / 4; }

  @container (min-width: 560px) and (max-width: 760px) {
    .row { grid-template-columns: 84px 138px minmax(0, 1fr) 20px 56px; }
    .row.wide { grid-template-columns: 84px 138px minmax(60px, 110px) minmax(0, 1fr) 20px; }
    .row:not(.wide) .agent, .row.wide .length { display: none; }
    .row .word { position: absolute; width: 1px; overflow: hidden; clip-path: inset(50%); }
    .families .icon { display: none; }
  }
`;
