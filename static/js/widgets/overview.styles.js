// The overview's two columns, its lines and its chart.
import { css } from "lit";

export const overviewStyles = css`
  :host { display: block; overflow: auto; container-type: inline-size; font-size: var(--text-s); }
  *, *::before, *::after { box-sizing: border-box; }
  .columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(300px, 2fr); gap: 0 var(--space-6); max-width: 1500px; padding: var(--space-4) var(--space-5) var(--space-6); }
  section { margin-bottom: var(--space-6); }
  h2 { margin: 0 0 var(--space-3); font-size: var(--text-m); font-weight: var(--strong); }
  h2 .quiet { font-weight: normal; }
  .quiet { color: var(--text-3); }
  .none, .message { margin: 0; padding: var(--space-2) 0; color: var(--text-2); }
  .message { padding: var(--space-6); text-align: center; }
  .figure { margin-left: var(--space-2); }
  ul, ol { margin: 0; padding: 0; list-style: none; }
  ul { border-top: 1px solid var(--line); }
  .line { display: grid; grid-template-columns: 168px minmax(0, 3fr) minmax(0, 2fr) max-content; gap: 0 var(--space-4); align-items: center; min-height: var(--row); padding: 0 var(--space-3); border-bottom: 1px solid var(--line); color: var(--text); text-decoration: none; white-space: nowrap; }
  [data-state="error"].line { grid-template-columns: 88px minmax(0, 3fr) minmax(0, 2fr) max-content; }
  .line > * { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
  .line .detail:empty { display: none; }
  .line:has(.detail:empty) .what { grid-column: 2 / 4; }
  .line:hover { background: var(--bg-hover); }
  .line:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; }
  .line b { font-weight: var(--medium); }
  .state { display: flex; gap: var(--space-2); align-items: center; color: var(--text-2); }
  [data-state="permission"] .state, [data-state="question"] .state { color: var(--denied); }
  :is([data-state="failed"], [data-state="stuck"], [data-state="looping"], [data-state="alert"], [data-state="error"]) .state { color: var(--error); }
  :is([data-state="running"], [data-state="background"]) .state { color: var(--running); }
  .since { color: var(--text-2); text-align: right; font-variant-numeric: tabular-nums; }
  .mono { font-family: var(--mono); font-size: var(--text-xs); }
  figure { margin: 0 0 var(--space-4); }
  figcaption, caption { margin-bottom: var(--space-3); color: var(--text-2); text-align: left; }
  .plot { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: var(--space-3); }
  .axis { display: flex; flex-direction: column; justify-content: space-between; height: 96px; margin: 16px 0; color: var(--text-3); font-size: var(--text-xs); line-height: 0; text-align: right; }
  .axis i { font-style: normal; }
  .bars { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: var(--space-2); text-align: center; }
  .bars li { font-size: var(--text-xs); line-height: 16px; white-space: nowrap; }
  .value { display: block; overflow: hidden; text-overflow: clip; font-variant-numeric: tabular-nums; }
  .room { display: flex; align-items: end; height: 96px; border-bottom: 1px solid var(--axis); background: linear-gradient(var(--line) 1px, transparent 1px) 0 0 / 100% 50%; }
  .bar { width: 100%; min-height: 0; background: var(--series-1); border-radius: 2px 2px 0 0; }
  .day { color: var(--text-2); }
  table { width: 100%; border-collapse: collapse; }
  th, td { height: var(--row); padding: 0 var(--space-3); border-top: 1px solid var(--line); font-weight: normal; text-align: right; font-variant-numeric: tabular-nums; }
  th { text-align: left; }
  @container (max-width: 1000px) {
    .columns { grid-template-columns: minmax(0, 1fr); }
  }
  @container (max-width: 700px) {
    .columns { padding: var(--space-3); }
    .line, [data-state="error"].line { grid-template-columns: minmax(0, 1fr) max-content; padding-block: var(--space-2); line-height: var(--line-text); }
    .line .what, .line:has(.detail:empty) .what { grid-column: 1 / -1; grid-row: 2; }
    .line .detail { grid-column: 1 / -1; grid-row: 3; }
  }
`;
