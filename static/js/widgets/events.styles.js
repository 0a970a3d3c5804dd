// Columns of the event list; two lines a row where there is no room for columns.
import { css } from "lit";

export const eventStyles = css`
  .row { grid-template-columns: 84px 158px minmax(60px, 110px) minmax(0, 1fr) 92px; }
  .row.wide { grid-template-columns: 84px 158px minmax(90px, 180px) minmax(0, 1fr) 92px; }
  .kind { display: flex; align-items: center; gap: var(--space-3); color: var(--text-2); }
  .kind > span { overflow: hidden; text-overflow: ellipsis; }
  .kind .icon { color: var(--text-3); }
  .kind[data-family="prompt"] .icon, .kind[data-family="prompt"] { color: var(--accent); }
  .kind[data-family="ask"] .icon { color: var(--denied); }
  .summary { color: var(--text); }
  .at { color: var(--text-3); }
  .row .status { justify-self: start; }
  .tall .row { grid-template: 20px 20px / auto auto minmax(0, 1fr) auto; align-content: center; height: var(--row-tall); border-bottom: 1px solid var(--line); }
  .tall .at { order: 2; grid-row: 1; grid-column: 2; }
  .tall .kind { grid-row: 1; grid-column: 1; }
  .tall .agent { grid-row: 1; grid-column: 3; }
  .tall .row .status { grid-row: 1; grid-column: 4; }
  .tall .summary { grid-row: 2; grid-column: 1 / -1; }
  .families { flex: 1; }
  @container (max-width: 760px) and (min-width: 560px) {
    .row, .row.wide { grid-template-columns: 84px 138px minmax(0, 1fr) 20px; }
    .row .agent { display: none; }
    .row .word { display: none; }
  }
`;
