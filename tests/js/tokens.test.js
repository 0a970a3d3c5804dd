import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");
const SURFACES = ["bg", "bg-raised", "bg-sunken", "bg-hover", "bg-selected", "bg-float"];
const STATES = ["running", "ok", "error", "denied", "waiting", "interrupted", "idle", "unknown"];

/** The colour of a token in the light (0) or dark (1) theme. */
function colour(name, theme) {
  const [, value] = new RegExp(`--${name}: ([^;]+);`).exec(css) ?? assert.fail(`no token --${name}`);
  const named = /^var\(--([\w-]+)\)$/.exec(value);
  if (named) return colour(named[1], theme);
  const both = /^light-dark\((#\w+), (#\w+)\)$/.exec(value);
  return both ? both[theme + 1] : value;
}

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function reaches(least, names, grounds) {
  for (const theme of [0, 1]) {
    for (const name of names) {
      for (const ground of grounds) {
        const ratio = contrast(colour(name, theme), colour(ground, theme));
        assert.ok(ratio >= least, `--${name} on --${ground}, ${theme ? "dark" : "light"}: ${ratio.toFixed(2)}`);
      }
    }
  }
}

test("text, links and states are readable on every surface", () => {
  reaches(4.5, ["text", "text-2", "text-3", "accent", "ok", "error", "denied", "interrupted", "running", "unknown"], SURFACES);
  reaches(4.5, ["text"], ["added-bg", "removed-bg", "mark"]);
});

test("chart colours and the focus ring stand out from every surface", () => {
  reaches(3, [...Array.from({ length: 8 }, (_, index) => `series-${index + 1}`), "focus"], SURFACES);
});

test("text on a state's area is readable, and the area stands out from the page", () => {
  for (const state of STATES) reaches(4.5, ["on-fill"], [`fill-${state}`]);
  reaches(3, STATES.map((state) => `fill-${state}`), ["bg", "bg-raised"]);
  reaches(4.5, ["on-accent"], ["accent-fill"]);
});
