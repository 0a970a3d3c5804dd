// The page's icons: our own 16×16 line drawings, taking the colour of the text beside them.
import { svg, html } from "lit";

const PATHS = {
  pulse: "M1.5 9h3l2-6 3.4 9.5L12 7l.9 2h1.6",
  prompt: "M3 4.5 6.5 8 3 11.5M8 12h5",
  answer: "M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z",
  tool: "M9.8 2.6a3.4 3.4 0 0 0-4 4.4L2.6 10.2a1.5 1.5 0 0 0 0 2.1l1.1 1.1a1.5 1.5 0 0 0 2.1 0L9 10.2a3.4 3.4 0 0 0 4.4-4l-2 2-2.4-.6-.6-2.4z",
  agent: "M8 8.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14c.5-2.6 2.7-3.7 5.5-3.7s5 1.1 5.5 3.7",
  ask: "M8 2.3a5.7 5.7 0 1 0 0 11.4A5.7 5.7 0 0 0 8 2.3zM6.3 6.4a1.7 1.7 0 1 1 2.4 1.7c-.5.3-.7.6-.7 1.2M8 11.3v.1",
  task: "M2.5 4.3l1.2 1.2 2-2.3M2.5 11l1.2 1.2 2-2.3M8 4.7h5.5M8 11.4h5.5",
  session: "M2.5 3.5h11v9h-11zM2.5 6.2h11",
  other: "M4 8h.1M8 8h.1M12 8h.1",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6l7.5-4.8z",
  chevron: "M5.5 3.5 10 8l-4.5 4.5",
  down: "M3.5 5.5 8 10l4.5-4.5",
  up: "M3.5 10.5 8 6l4.5 4.5",
  left: "M10 3.5 5.5 8l4.5 4.5",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  bookmark: "M4 2.5h8v11l-4-3-4 3z",
  list: "M2.5 4h11M2.5 8h11M2.5 12h7",
  braces: "M6 2.5c-2 0-1.5 2-1.5 3.5S3 8 3 8s1.5 0 1.5 2S4 13.5 6 13.5M10 2.5c2 0 1.5 2 1.5 3.5S13 8 13 8s-1.5 0-1.5 2 .5 3.5-1.5 3.5",
  file: "M4 2h5l3.5 3.5V14H4zM9 2v3.5h3.5",
  folder: "M2 4h4l1.5 1.8H14V13H2z",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z",
  contrast: "M8 2.3a5.7 5.7 0 1 0 0 11.4A5.7 5.7 0 0 0 8 2.3zM8 2.3v11.4M10 3v10M12 4.3v7.4",
  screen: "M2 3h12v8H2zM5.5 13.5h5",
  coins: "M8 2.5c2.8 0 5 .9 5 2.1s-2.2 2.1-5 2.1-5-.9-5-2.1 2.2-2.1 5-2.1zM3 4.6v3.6c0 1.2 2.2 2.1 5 2.1s5-.9 5-2.1V4.6M3 8.2v3.4c0 1.2 2.2 2.1 5 2.1s5-.9 5-2.1V8.2",
  add: "M8 3v10M3 8h10",
  grip: "M6 4h.1M10 4h.1M6 8h.1M10 8h.1M6 12h.1M10 12h.1",
  sliders: "M2.5 5h6M12 5h1.5M10.2 3.3v3.4M2.5 11h1.5M7.5 11h6M5.8 9.3v3.4",
  plug: "M5.5 2v3.5M10.5 2v3.5M4 5.5h8V8a4 4 0 0 1-8 0zM8 12v2",
};

/** @param {keyof typeof PATHS} name a drawing beside text that says the same, so hidden from screen readers */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${svg`<path d=${PATHS[name] ?? PATHS.other}></path>`}</svg>`;
}
