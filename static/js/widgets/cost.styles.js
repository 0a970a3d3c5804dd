// Looks of the cost table and of the figures above it.
import { css } from "@mpm-monitor/sdk";

export const costStyles = css`
  .summary { flex: none; max-height: 45%; padding: var(--space-4) var(--space-4) var(--space-3); border-bottom: 1px solid var(--line); overflow: auto; }
  .figures { display: flex; flex-wrap: wrap; gap: var(--space-3) var(--space-6); align-items: baseline; margin: 0; }
  .figures dt { color: var(--text-3); font-size: var(--text-s); line-height: var(--line-tight); }
  .figures dd { margin: 0; font-size: var(--text-l); font-weight: var(--medium); }
  .figures .total dd { font-weight: var(--strong); }
  .notes { display: grid; gap: var(--space-1); margin: var(--space-3) 0 0; padding: 0; color: var(--text-2); font-size: var(--text-s); line-height: var(--line-tight); list-style: none; overflow-wrap: anywhere; }
  .tag { flex: none; padding: 0 var(--space-2); border: 1px solid var(--line-strong); border-radius: var(--radius-s); color: var(--denied); font-size: var(--text-xs); font-weight: normal; line-height: 14px; }

  .row { grid-template-columns: minmax(0, 1fr) 108px 72px 52px 56px 56px 62px 76px; }
  .name { display: flex; align-items: center; gap: var(--space-3); }
  .called { overflow: hidden; text-overflow: ellipsis; color: var(--text); }
  .more-said { flex: 1 1000000 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
  .head .name { color: inherit; }
  .share { display: grid; grid-template-columns: minmax(0, 1fr) 38px; align-items: center; gap: var(--space-3); }
  .track { display: block; height: 8px; border-radius: 2px; background: var(--bg-hover); box-shadow: inset 0 0 0 1px var(--line); }
  .bar { display: block; height: 100%; border-radius: 2px; background: var(--accent); }
  .row:not(.head) .cost { color: var(--text); font-weight: var(--strong); }
  .zero { color: var(--text-3); opacity: 0.55; }
  .unit { display: none; }

  @container (max-width: 760px) {
    .row { grid-template-columns: minmax(0, 1fr) 92px 72px 48px 56px 56px; }
    .write, .read { display: none; }
  }
  :host(.narrow) .figures { display: grid; grid-template-columns: repeat(4, minmax(0, auto)); justify-content: space-between; gap: var(--space-3); }
  :host(.narrow) .row { grid-template-columns: minmax(0, 1fr) 76px 76px; }
  :host(.narrow) :is(.in, .out, .write, .read) { display: none; }
  :host(.narrow) .row:not(.head) { grid-template: 20px 16px / minmax(0, 1fr) auto; align-content: center; height: var(--row-tall); box-shadow: inset 0 -1px 0 var(--line); }
  :host(.narrow) .row[aria-selected="true"] { box-shadow: inset 2px 0 0 var(--accent), inset 0 -1px 0 var(--line); }
  :host(.narrow) .row:not(.head) .cost { grid-area: 1 / 2; }
  :host(.narrow) .row:not(.head) .share { grid-area: 2 / 1; grid-template-columns: 160px auto; justify-content: start; color: var(--text-2); }
  :host(.narrow) .row:not(.head) .calls { grid-area: 2 / 2; color: var(--text-3); }
  :host(.narrow) .head .share { display: none; }
  :host(.narrow) .unit { display: inline; }
`;
