// Styles shared by every shadow root and by the page itself: controls, marks, rows.
import { css } from "lit";

export const controls = css`
  .icon { flex: none; width: 14px; height: 14px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
  .icon .solid { fill: currentColor; }
  .button, .input, .select {
    height: var(--control); padding: 0 var(--space-3); border: 1px solid var(--line-strong); border-radius: var(--radius-m);
    background: var(--bg); color: var(--text); font: var(--text-s) / 1 var(--sans); text-overflow: ellipsis;
  }
  .button { display: inline-flex; align-items: center; justify-content: center; gap: var(--space-2); white-space: nowrap; cursor: pointer; }
  .button:hover, .select:hover { background: var(--bg-hover); }
  .button[aria-pressed="true"] { border-color: var(--accent); background: var(--bg-selected); color: var(--text); }
  .button[disabled] { color: var(--text-3); cursor: default; opacity: 0.6; }
  .button.plain { border-color: transparent; background: none; color: var(--text-2); }
  .button.plain:hover { background: var(--bg-hover); color: var(--text); }
  .button.square { width: var(--control); padding: 0; }
  .input::placeholder { color: var(--text-3); }
  .link { padding: 0; border: 0; background: none; color: var(--accent); font: inherit; text-align: left; text-decoration: underline; text-underline-offset: 2px; cursor: pointer; overflow-wrap: anywhere; }
  :is(.button, .input, .select, .link, .chip):focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
  :is(.input, .select):focus-visible { outline-offset: -1px; }
  kbd { padding: 0 var(--space-2); border: 1px solid var(--line-strong); border-radius: var(--radius-s); color: var(--text-3); font: var(--text-xs) / 14px var(--mono); }
  .status { display: inline-flex; align-items: center; gap: var(--space-2); color: var(--text-2); white-space: nowrap; }
  .status[data-status="running"], .status[data-status="background"] { color: var(--running); }
  .status[data-status="ok"] .icon { color: var(--ok); }
  .status[data-status="error"], .status[data-status="failed"] { color: var(--error); }
  .status[data-status="denied"], .status[data-status="waiting"] { color: var(--denied); }
  .status[data-status="interrupted"] { color: var(--interrupted); }
  .status[data-status="unknown"], .status[data-status="recorded"], .status[data-status="ended"], .status[data-status="idle"] { color: var(--text-3); }
  .turning { transform-origin: 8px 8px; }
  .chips { display: flex; flex-wrap: wrap; gap: var(--space-2); }
  .chip { display: inline-flex; align-items: center; gap: var(--space-2); height: 22px; padding: 0 var(--space-3); border: 1px solid var(--line); border-radius: 11px; background: none; color: var(--text-2); font: var(--text-s) / 1 var(--sans); cursor: pointer; white-space: nowrap; }
  .chip:hover { background: var(--bg-hover); color: var(--text); }
  .chip[aria-pressed="true"] { border-color: var(--accent); background: var(--bg-selected); color: var(--text); }
  .chip .icon { width: 12px; height: 12px; }
  .widget-failure { margin: var(--space-5); padding: var(--space-4) var(--space-5); border: 1px solid var(--error); border-radius: var(--radius-m); overflow-wrap: anywhere; }
  .widget-failure h3 { font-size: inherit; color: var(--error); font-weight: var(--strong); }
  .widget-failure p { color: var(--text-2); }
  .widget-failure .button { margin-top: var(--space-3); }
  .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

export const rows = css`
  :host { display: flex; flex-direction: column; min-height: 0; container-type: inline-size; }
  *, *::before, *::after { box-sizing: border-box; }
  .toolbar { flex: none; display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-3); padding: var(--space-3) var(--space-4); border-bottom: 1px solid var(--line); }
  .toolbar .chips { flex: 1; flex-wrap: nowrap; min-width: 0; margin: -2px; padding: 2px; overflow-x: auto; scrollbar-width: none; }
  .toolbar .chip { flex: none; }
  .toolbar .end { display: flex; gap: var(--space-3); align-items: center; margin-left: auto; }
  .body { position: relative; flex: 1; display: flex; flex-direction: column; min-height: 0; }
  .scroller { position: relative; flex: 1; min-height: 0; overflow: auto; overflow-anchor: none; outline: none; }
  .scroller:focus-visible { box-shadow: inset 0 0 0 2px var(--focus); }
  .spacer { position: relative; min-width: 100%; }
  .window { position: absolute; inset: 0 0 auto; will-change: transform; }
  .row { display: grid; align-items: center; gap: 0 var(--space-3); height: var(--row); padding: 0 var(--space-4); font-size: var(--text-s); cursor: default; white-space: nowrap; contain: strict; }
  .row:hover { background: var(--bg-hover); }
  .row[data-active] { box-shadow: inset 2px 0 0 var(--line-strong); }
  .scroller:focus-visible .row[data-active] { box-shadow: inset 2px 0 0 var(--focus), inset 0 0 0 1px var(--line-strong); }
  .row[aria-selected="true"] { background: var(--bg-selected); box-shadow: inset 2px 0 0 var(--accent); }
  .row > * { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
  .head { flex: none; background: var(--bg); border-bottom: 1px solid var(--line); color: var(--text-3); }
  .head.row:hover { background: var(--bg); }
  .head button { display: inline-flex; align-items: center; gap: 2px; max-width: 100%; padding: 0; border: 0; background: none; color: inherit; font: inherit; cursor: pointer; }
  .head button:hover, .head [aria-sort="ascending"] button, .head [aria-sort="descending"] button { color: var(--text); }
  .head button:focus-visible { outline: 2px solid var(--focus); }
  .head .icon { width: 10px; height: 10px; }
  .quiet { color: var(--text-3); }
  .mono { font-family: var(--mono); font-size: var(--text-xs); }
  .number { text-align: right; }
  .bad { color: var(--error); }
  .tool { font-weight: var(--strong); color: var(--text); }
  .empty { position: absolute; inset: var(--row) 0 0; overflow: auto; }
  .message { max-width: 52ch; margin: var(--space-7) auto; padding: 0 var(--space-5); color: var(--text-2); text-align: center; }
  .message h2 { margin: 0 0 var(--space-3); font-size: var(--text-l); font-weight: var(--strong); color: var(--text); }
  .message p { margin: 0 0 var(--space-3); }
  .message code { padding: 1px var(--space-2); border-radius: var(--radius-s); background: var(--bg-sunken); font: var(--text-s) / 1.5 var(--mono); overflow-wrap: anywhere; user-select: all; }
  .more { position: absolute; left: 50%; bottom: var(--space-4); transform: translateX(-50%); border-color: var(--accent-fill); background: var(--accent-fill); color: var(--on-accent); box-shadow: var(--shadow); }
  .more.at-top { bottom: auto; top: var(--space-4); }
  .more:hover { background: var(--accent-fill); filter: brightness(1.1); }
`;
