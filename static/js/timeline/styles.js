// Looks of the timeline's own elements; what is on the canvas is in paint.js.
import { css } from "lit";

export const timelineStyles = css`
  :host { display: flex; flex-direction: column; min-height: 0; }
  *, *::before, *::after { box-sizing: border-box; }
  .toolbar { flex: none; display: flex; align-items: center; gap: var(--space-3); min-height: 44px; padding: var(--space-3) var(--space-4); border-bottom: 1px solid var(--line); overflow-x: auto; scrollbar-width: none; }
  .toolbar > * { flex: none; }
  .group { display: flex; gap: var(--space-1); }
  .range { color: var(--text-2); font-size: var(--text-s); white-space: nowrap; }
  .legend { display: flex; gap: var(--space-4); margin: 0 0 0 auto; padding: 0; color: var(--text-2); font-size: var(--text-xs); list-style: none; }
  .legend li { display: flex; align-items: center; gap: var(--space-2); white-space: nowrap; }
  .swatch { width: 10px; height: 10px; border-left: 2px solid var(--key); background: color-mix(in srgb, var(--key) 24%, var(--bg)); }
  .swatch.waiting { border: 0; background: repeating-linear-gradient(135deg, var(--fill-waiting) 0 1.5px, var(--bg) 1.5px 4px); }
  .swatch.path { height: 3px; border: 0; background: var(--text); }
  .chart { position: relative; flex: 1; min-height: 0; overflow: hidden; }
  canvas { position: absolute; inset: 0; width: 100%; height: 100%; outline: none; touch-action: none; cursor: grab; }
  canvas:active { cursor: grabbing; }
  canvas.pointing { cursor: pointer; }
  canvas:focus-visible, .spans:focus-visible { box-shadow: inset 0 0 0 2px var(--focus); }
  .spans { position: absolute; inset: 0; margin: 0; padding: 0; outline: none; pointer-events: none; list-style: none; overflow: hidden; }
  .spans > * { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .bar { position: absolute; right: 2px; width: 5px; border-radius: 3px; background: var(--line-strong); pointer-events: none; }
  .hint { position: absolute; z-index: 3; max-width: min(360px, 90%); padding: var(--space-3) var(--space-4); border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: var(--bg-float); box-shadow: var(--shadow); font-size: var(--text-s); pointer-events: none; }
  .hint b { display: block; font-weight: var(--strong); overflow-wrap: anywhere; }
  .hint p { margin: 0; color: var(--text-2); }
  .hint .mono { overflow: hidden; font: var(--text-xs) / 1.45 var(--mono); overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; }
  .note { position: absolute; left: 50%; bottom: var(--space-4); max-width: 90%; padding: var(--space-2) var(--space-4); transform: translateX(-50%); border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: var(--bg-float); color: var(--text-2); font-size: var(--text-s); pointer-events: none; }
  .message { position: absolute; inset: 0; margin: auto; height: fit-content; max-width: 52ch; padding: 0 var(--space-5); color: var(--text-2); text-align: center; }
  .message h2 { margin: 0 0 var(--space-3); font-size: var(--text-l); font-weight: var(--strong); color: var(--text); }
  .message p { margin: 0; }
  @container page (max-width: 1240px) { .legend .kind { display: none; } }
  :host { container: page / inline-size; }
  @container page (max-width: 760px) { .legend { display: none; } }
`;
