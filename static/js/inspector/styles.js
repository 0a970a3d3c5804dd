// The inspector's looks: a head that stays, a body that scrolls, blocks of text, code, facts and differences.
import { css } from "lit";

export const frame = css`
  :host { display: flex; flex-direction: column; min-height: 0; container-type: inline-size; }
  *, *::before, *::after { box-sizing: border-box; }
  h2, h3, p, dl, dd, pre, ul { margin: 0; }
  .head { flex: none; display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-2); padding: var(--space-3) var(--space-5); border-bottom: 1px solid var(--line); background: var(--bg-raised); }
  .title { display: flex; align-items: center; gap: var(--space-3); min-height: 28px; }
  .title h2 { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: var(--text-l); font-weight: var(--strong); }
  .title h2 small { margin-left: var(--space-3); color: var(--text-3); font-size: var(--text-s); font-weight: normal; }
  .title .icon { color: var(--text-2); }
  .title .status .icon { color: inherit; }
  .meta { display: flex; flex-wrap: wrap; gap: 0 var(--space-4); color: var(--text-2); font-size: var(--text-s); }
  .actions { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2); }
  .actions .gap { flex: 1; }
  @container (max-width: 420px) { .actions .words { display: none; } }
  .actions .group { display: inline-flex; align-items: center; gap: var(--space-1); color: var(--text-2); font-size: var(--text-s); }
  .body { flex: 1; min-height: 0; overflow: auto; padding: var(--space-4) var(--space-5) var(--space-6); outline: none; overflow-wrap: anywhere; }
  .body:focus-visible { box-shadow: inset 0 0 0 2px var(--focus); }
  .message { max-width: 44ch; margin: var(--space-7) auto; color: var(--text-2); text-align: center; }
  .message h2 { margin-bottom: var(--space-3); color: var(--text); font-size: var(--text-l); font-weight: var(--strong); }
  .message .keys { display: grid; gap: var(--space-2); margin-top: var(--space-5); padding: 0; list-style: none; text-align: left; }
  .keys li { display: grid; grid-template-columns: 1fr 1fr; gap: var(--space-4); align-items: center; }
  .keys kbd { justify-self: end; }
  .back { display: none; }
  @media (max-width: 860px) { .back { display: inline-flex; } .head { padding-inline: var(--space-4); } .body { padding-inline: var(--space-4); } }
`;

export const blocks = css`
  .block { margin-top: var(--space-4); }
  .block:first-child, .facts:first-child, .call:first-child { margin-top: 0; }
  .block > h3, .call { display: flex; justify-content: space-between; gap: var(--space-3); margin-bottom: var(--space-2); color: var(--text-2); font-size: var(--text-s); font-weight: var(--strong); }
  .call { margin-top: var(--space-5); color: var(--text); font-size: var(--text-m); }
  .aside { color: var(--text-3); font-weight: normal; }
  .quiet { color: var(--text-3); }
  .target { margin-bottom: var(--space-3); }
  code { font: var(--text-s) / 1.5 var(--mono); }
  pre { margin: 0; font: var(--text-s) / 18px var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
  .code { display: grid; grid-template-columns: minmax(0, 1fr); padding: var(--space-3) var(--space-4); border: 1px solid var(--line); border-radius: var(--radius-m); background: var(--bg-sunken); }
  .code.numbered { grid-template-columns: auto minmax(0, 1fr); gap: var(--space-4); overflow-x: auto; }
  .code.numbered pre { white-space: pre; overflow-wrap: normal; }
  .code .numbers { color: var(--text-3); text-align: right; user-select: none; }
  .rich { display: grid; gap: var(--space-3); max-width: 84ch; font-size: var(--text-m); line-height: var(--line-text); }
  .rich p, .rich blockquote { margin: 0; white-space: pre-wrap; }
  .rich .heading { font-weight: var(--strong); }
  .rich blockquote { padding-left: var(--space-4); border-left: 2px solid var(--line-strong); color: var(--text-2); }
  .rich hr { width: 100%; margin: 0; border: 0; border-top: 1px solid var(--line); }
  .rich .items { display: grid; gap: var(--space-1); padding: 0; list-style: none; }
  .rich .items li { display: grid; grid-template-columns: 22px minmax(0, 1fr); white-space: pre-wrap; }
  .rich .bullet { color: var(--text-3); }
  .rich :not(pre) > code { padding: 0 3px; border-radius: var(--radius-s); background: var(--bg-sunken); }
  .command .code { border-left: 3px solid var(--accent); }
  .stderr .code { border-left: 3px solid var(--error); }
  .rest { margin: var(--space-2) 0 0; color: var(--text-3); font-size: var(--text-s); }
  .facts { display: grid; gap: var(--space-1) 0; margin: var(--space-3) 0; font-size: var(--text-s); }
  .facts > div { display: grid; grid-template-columns: minmax(92px, 132px) minmax(0, 1fr); gap: var(--space-3); }
  .facts dt { color: var(--text-3); }
  .plain { padding-left: var(--space-5); font-size: var(--text-s); }
  .note { display: flex; gap: var(--space-2); margin-bottom: var(--space-3); font-weight: var(--strong); }
  .note[data-status="denied"], .note[data-status="waiting"] { color: var(--denied); }
  .note[data-status="interrupted"] { color: var(--interrupted); }
  .tasks { display: grid; gap: var(--space-2); padding: 0; list-style: none; }
  .tasks li { display: grid; grid-template-columns: 14px minmax(0, 1fr) auto; gap: var(--space-3); align-items: center; }
  .tasks li[data-status="completed"] .icon { color: var(--ok); }
  .tasks li[data-status="in_progress"] .icon { color: var(--running); }
  .diff { border: 1px solid var(--line); border-radius: var(--radius-m); overflow-x: auto; background: var(--bg-sunken); font: var(--text-s) / 18px var(--mono); }
  .diff .line { display: grid; grid-template-columns: 38px 38px 16px minmax(max-content, 1fr); min-width: max-content; white-space: pre; tab-size: 4; }
  .diff .no { padding-right: var(--space-3); color: var(--text-3); text-align: right; user-select: none; }
  .diff .op { text-align: center; user-select: none; }
  .diff .line[data-op="+"] { background: var(--added-bg); }
  .diff .line[data-op="-"] { background: var(--removed-bg); }
  .diff .text { padding-right: var(--space-4); }
  .diff .skipped { padding: 0 var(--space-4); border-block: 1px solid var(--line); color: var(--text-3); }
  .added { color: var(--ok); }
  .removed { color: var(--error); }
  .context { margin-top: var(--space-5); border-top: 1px solid var(--line); padding-top: var(--space-3); font-size: var(--text-s); }
  .context summary { color: var(--text-2); cursor: pointer; }
  .context summary:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
  .json .key { color: var(--accent); }
  .json mark { border-radius: var(--radius-s); background: var(--mark); color: inherit; }
  .json .found-line { display: block; margin: 0 calc(-1 * var(--space-3)); padding: 0 var(--space-3); border-radius: var(--radius-s); background: var(--bg-selected); scroll-margin: 60px; }
  .find { position: sticky; top: calc(-1 * var(--space-4)); display: flex; align-items: center; gap: var(--space-3); margin: calc(-1 * var(--space-4)) 0 var(--space-3); padding: var(--space-3) 0; background: var(--bg); font-size: var(--text-s); }
  .find input { flex: 1; min-width: 0; max-width: 280px; height: var(--control); padding: 0 var(--space-3); border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: var(--bg-raised); color: var(--text); font: inherit; }
  .find input:focus-visible { outline: 2px solid var(--focus); outline-offset: -1px; }
  monitor-drawn-body { display: grid; grid-template-columns: minmax(0, 1fr); margin-bottom: var(--space-4); }
  monitor-drawn-body > .widget-failure { margin: 0; }
  .links { display: grid; gap: var(--space-1); padding: 0; list-style: none; font-size: var(--text-s); }
  .links li { display: flex; gap: var(--space-3); align-items: baseline; }
  .links .status { align-self: center; }
  .links .at { flex: none; color: var(--text-3); font: var(--text-xs) / 1.6 var(--mono); }
  .sums { width: 100%; max-width: 460px; border-collapse: collapse; font-size: var(--text-s); }
  .sums th { padding: 1px 0; color: var(--text-3); font-weight: normal; text-align: left; }
  .sums td, .sums thead th { padding: 1px 0 1px var(--space-4); text-align: right; }
  .sums tfoot :is(th, td) { padding-top: var(--space-2); border-top: 1px solid var(--line); color: var(--text); font-weight: var(--strong); }
  monitor-api-calls { display: block; margin-top: var(--space-4); }
  .calls { display: grid; gap: var(--space-3); padding: 0; list-style: none; font-size: var(--text-s); }
  .calls li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 var(--space-4); }
  .calls .sum { text-align: right; }
  .calls .behind { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 0 var(--space-3); color: var(--text-3); }
  .calls .at { margin-right: var(--space-2); color: var(--text-3); font: var(--text-xs) / 1.6 var(--mono); }
`;
