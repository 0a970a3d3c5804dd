import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { runInNewContext } from "node:vm";
import { Themes } from "../../static/js/core/themes.js";

const EARLY = readFileSync(new URL("../../static/js/theme.js", import.meta.url), "utf8");
const NIGHT = { name: "acme.night", title: "Night", scheme: "dark", tokens: { "--bg": "#10131c", "--text": "#ffffff" } };
const SAND = { name: "acme.sand", title: "Sand", scheme: "light", tokens: { "--bg": "#fdf6e3" } };

/** As much of the root element as themes touch. */
function newRoot() {
  const tokens = new Map();
  const style = { setProperty: (name, value) => tokens.set(name, value), removeProperty: (name) => tokens.delete(name), [Symbol.iterator]: () => tokens.keys() };
  return { dataset: {}, style, tokens };
}

function newStorage() {
  const kept = new Map();
  return { kept, getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
}

/** What the page looks like before it asked anybody. */
function reloaded(storage) {
  const root = newRoot();
  runInNewContext(EARLY, { document: { documentElement: root }, localStorage: storage });
  return root;
}

let root;
let changes;
const newThemes = () => new Themes(() => (changes += 1), root);

beforeEach(() => {
  [root, changes] = [newRoot(), 0];
  globalThis.localStorage = newStorage();
});

test("the button goes through the page's own, then those of plugins, and begins again", () => {
  const themes = newThemes();
  themes.add([NIGHT, SAND]);
  const seen = themes.all.map(() => (themes.next(), themes.chosen.name));
  assert.deepEqual(seen, ["light", "dark", "acme.night", "acme.sand", "system"]);
  assert.equal(changes, 6);
});

test("a theme is its scheme and its tokens, which go when another is chosen", () => {
  const themes = newThemes();
  themes.add([NIGHT, SAND]);
  themes.choose("acme.night");
  assert.deepEqual([root.dataset.theme, Object.fromEntries(root.tokens)], ["dark", NIGHT.tokens]);
  themes.choose("acme.sand");
  assert.deepEqual([root.dataset.theme, Object.fromEntries(root.tokens)], ["light", SAND.tokens]);
  themes.choose("dark");
  assert.deepEqual([root.dataset.theme, root.tokens.size], ["dark", 0]);
});

test("what was chosen is there again before anybody is asked", () => {
  const themes = newThemes();
  themes.add([NIGHT]);
  for (const [name, scheme, tokens] of [["acme.night", "dark", NIGHT.tokens], ["light", "light", {}], ["system", undefined, {}]]) {
    themes.choose(name);
    const after = reloaded(localStorage);
    assert.deepEqual([after.dataset.theme, Object.fromEntries(after.tokens)], [scheme, tokens], name);
  }
});

test("a theme that has changed since is as it is now", () => {
  const before = newThemes();
  before.add([NIGHT]);
  before.choose("acme.night");
  newThemes().add([{ ...NIGHT, tokens: { "--bg": "#000000" } }]);
  assert.deepEqual(Object.fromEntries(root.tokens), { "--bg": "#000000" });
});

test("a theme that is not there gives way to the system's, and comes back with its plugin", () => {
  const before = newThemes();
  before.add([NIGHT]);
  before.choose("acme.night");
  const themes = newThemes();
  themes.add([SAND]);
  assert.deepEqual([themes.chosen.name, root.dataset.theme, root.tokens.size], ["system", "system", 0]);
  assert.equal(reloaded(localStorage).dataset.theme, undefined);
  const later = newThemes();
  later.add([NIGHT]);
  assert.deepEqual([later.chosen.name, root.dataset.theme], ["acme.night", "dark"]);
});

test("tokens that are not those of the chosen theme, or no tokens, do nothing", () => {
  const storage = newStorage();
  storage.setItem("mpm-monitor.theme", "acme.sand");
  for (const kept of [JSON.stringify(NIGHT), "{", "null", '{"name":"acme.sand"}']) {
    storage.setItem("mpm-monitor.theme-tokens", kept);
    const after = reloaded(storage);
    assert.deepEqual([after.dataset.theme, after.tokens.size], [undefined, 0], kept);
  }
});

test("where nothing can be kept, a theme lasts as long as the page", () => {
  globalThis.localStorage = { getItem: () => assert.fail("forbidden"), setItem: () => assert.fail("forbidden") };
  const themes = newThemes();
  themes.add([NIGHT]);
  themes.next();
  themes.next();
  themes.next();
  assert.equal(themes.chosen.name, "acme.night");
  assert.equal(reloaded(localStorage).dataset.theme, undefined);
});
