// How a report looks.
import { css } from "lit";

export const reportStyles = css`
  :host { display: block; padding: var(--space-3) var(--space-4) var(--space-4); font-size: var(--text-s); color: var(--text); container-type: inline-size; }
  section + section { margin-top: var(--space-5); }
  h4 { margin: 0 0 var(--space-2); color: var(--text-2); font-size: var(--text-s); font-weight: var(--strong); }
  p { margin: 0; }
  .quiet { color: var(--text-3); }
  .bad { color: var(--error); }
  .counters { display: flex; flex-wrap: wrap; gap: var(--space-3) var(--space-6); margin: 0; }
  .counters dt { color: var(--text-3); font-size: var(--text-xs); }
  .counters dd { display: flex; gap: var(--space-3); align-items: center; margin: 0; font-size: var(--text-l); font-weight: var(--medium); font-variant-numeric: tabular-nums; }
  .wide { overflow-x: auto; }
  .wide:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
  table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th { padding: var(--space-1) var(--space-3) var(--space-1) 0; border-bottom: 1px solid var(--line); color: var(--text-3); font-weight: inherit; text-align: left; white-space: nowrap; }
  td { max-width: 36ch; padding: var(--space-1) var(--space-3) var(--space-1) 0; border-bottom: 1px solid var(--line); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  td .link { display: inline; max-width: 100%; }
  .number { text-align: right; }
  .findings { display: grid; gap: var(--space-3); margin: 0; padding: 0; list-style: none; }
  .findings li { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: var(--space-3); }
  .findings .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .findings [data-severity="critical"] .status { color: var(--error); }
  .findings [data-severity="warning"] .status { color: var(--denied); }
  .findings p { color: var(--text-2); overflow-wrap: anywhere; }
  figure { margin: 0; }
  .plot { display: grid; grid-template: minmax(0, 1fr) / auto minmax(0, 1fr); gap: var(--space-2); height: 96px; }
  .plot svg { width: 100%; height: 100%; min-height: 0; border: solid var(--axis); border-width: 0 0 1px 1px; overflow: visible; }
  .axis { display: flex; flex-direction: column; justify-content: space-between; color: var(--text-3); font-size: var(--text-xs); text-align: right; }
  .ends { display: flex; justify-content: space-between; color: var(--text-3); font-size: var(--text-xs); }
  i { font-style: normal; }
  .line { fill: none; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
  .s1 { stroke: var(--series-1); } .s2 { stroke: var(--series-2); } .s3 { stroke: var(--series-3); } .s4 { stroke: var(--series-4); }
  .s5 { stroke: var(--series-5); } .s6 { stroke: var(--series-6); } .s7 { stroke: var(--series-7); } .s8 { stroke: var(--series-8); }
  figcaption { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-5); margin-top: var(--space-2); color: var(--text-2); }
  .key { display: inline-flex; align-items: center; gap: var(--space-2); }
  .key svg { width: 18px; height: 8px; }
`;
