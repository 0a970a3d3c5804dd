// The page's tokens as a canvas takes them: resolved for the theme in force, and read again when that changes.

const TOKENS = {
  bg: "--bg", raised: "--bg-raised", sunken: "--bg-sunken", hover: "--bg-hover", selected: "--bg-selected",
  line: "--line", strong: "--line-strong", text: "--text", text2: "--text-2", text3: "--text-3", accent: "--accent", focus: "--focus",
  error: "--error", denied: "--denied", interrupted: "--interrupted", running: "--running", ok: "--ok", unknown: "--unknown", onFill: "--on-fill",
  fillError: "--fill-error", fillDenied: "--fill-denied", fillInterrupted: "--fill-interrupted", waiting: "--fill-waiting",
};
const SERIES = 8;

/** @param {HTMLElement} probe an element of the page, for its colours */
export function readTheme(probe) {
  const colour = (value) => ((probe.style.color = value), getComputedStyle(probe).color);
  const style = getComputedStyle(probe);
  const theme = Object.fromEntries(Object.entries(TOKENS).map(([name, token]) => [name, colour(`var(${token})`)]));
  const numbers = Array.from({ length: SERIES }, (_, number) => number + 1);
  return {
    ...theme,
    series: numbers.map((number) => colour(`var(--series-${number})`)),
    tints: numbers.map((number) => colour(`color-mix(in srgb, var(--series-${number}) 24%, var(--bg))`)),
    turn: colour("color-mix(in srgb, var(--text-3) 18%, var(--bg))"),
    waits: colour("color-mix(in srgb, var(--fill-waiting) 34%, var(--bg))"),
    font: `${style.getPropertyValue("--text-xs").trim()} ${style.getPropertyValue("--sans").trim()}`,
    strongFont: `600 ${style.getPropertyValue("--text-s").trim()} ${style.getPropertyValue("--sans").trim()}`,
  };
}

/** @param {() => void} changed @returns {() => void} ends watching */
export function watchTheme(changed) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => {
    dark.removeEventListener("change", changed);
    observer.disconnect();
  };
}
