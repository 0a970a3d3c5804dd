// Health: two columns of short tables, what is wrong above them.
import { css } from "lit";

export const healthStyles = css`
  :host { display: block; overflow: hidden; container-type: inline-size; font-size: var(--text-s); }
  *, *::before, *::after { box-sizing: border-box; }
  .scroller { height: 100%; overflow: auto; }
  .scroller:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; }
  .all { max-width: 1200px; padding: var(--space-4) var(--space-5) var(--space-6); }
  .columns { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 var(--space-7); }
  section { margin-bottom: var(--space-6); }
  h2 { margin: 0 0 var(--space-3); font-size: var(--text-m); font-weight: var(--strong); }
  .quiet { color: var(--text-3); }
  .message { padding: var(--space-6); color: var(--text-2); text-align: center; }
  .problems { margin: 0 0 var(--space-6); padding: 0; list-style: none; }
  .problems li { display: grid; grid-template-columns: 14px minmax(0, 1fr); gap: var(--space-3); align-items: start; padding: var(--space-3); border-left: 3px solid var(--error); background: var(--bg-raised); line-height: var(--line-text); }
  .problems li + li { margin-top: var(--space-2); }
  .problems .icon { margin-top: 3px; color: var(--error); }
  .well { display: flex; gap: var(--space-3); align-items: center; margin: 0 0 var(--space-5); color: var(--ok); }
  table { width: 100%; border-collapse: collapse; }
  th, td { height: var(--row); padding: 0 var(--space-3); border-top: 1px solid var(--line); font-weight: normal; text-align: left; overflow-wrap: anywhere; }
  thead th { border-top: 0; color: var(--text-3); }
  tbody th { width: 34%; white-space: nowrap; }
  .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .bad { color: var(--error); }
  td > .icon { vertical-align: -2px; }
  .mono { font-family: var(--mono); font-size: var(--text-xs); }
  @container (max-width: 820px) {
    .columns { grid-template-columns: minmax(0, 1fr); }
    .all { padding: var(--space-3); }
  }
  @container (max-width: 480px) { .what { display: none; } }
`;
