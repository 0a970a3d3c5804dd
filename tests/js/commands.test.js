import assert from "node:assert/strict";
import { test } from "node:test";
import { Commands } from "../../static/js/core/commands.js";
import { KEYMAP, keyName, keyOf } from "../../static/js/core/keymap.js";

test("every command of the table has a name, a key, and the key for itself", () => {
  const keys = KEYMAP.flatMap((entry) => entry.keys.map((key) => `${entry.where === "list" ? "list " : ""}${key}`));
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(new Set(KEYMAP.map(({ id }) => id)).size, KEYMAP.length);
  for (const entry of KEYMAP) assert.ok(entry.title && entry.group && entry.keys.length, entry.id);
});

test("digits are left to the views", () => {
  assert.deepEqual(KEYMAP.filter(({ keys }) => keys.some((key) => /^[1-9]$/.test(key))), []);
});

test("a key runs what it is bound to, as long as that makes sense", () => {
  const commands = new Commands();
  const ran = [];
  let possible = false;
  commands.bind("theme.next", () => ran.push("theme"), () => possible);
  assert.equal(commands.forKey("t", false), null);
  possible = true;
  commands.forKey("t", false).run();
  assert.deepEqual(ran, ["theme"]);
});

test("typing is typing: only commands with Ctrl or Cmd are heard in a field", () => {
  const commands = new Commands();
  commands.bind("theme.next", () => {});
  commands.bind("palette.open", () => {});
  assert.equal(commands.forKey("t", true), null);
  assert.equal(commands.forKey("mod+k", true).id, "palette.open");
});

test("a view's key counts before the page's while the view is shown, and goes when it goes", () => {
  const commands = new Commands();
  let shown = true;
  commands.bind("theme.next", () => {});
  const remove = commands.add({ id: "trace.zoom", title: "Zoom", group: "Trace", keys: ["t"], run: () => {}, when: () => shown });
  assert.equal(commands.forKey("t", false).id, "trace.zoom");
  shown = false;
  assert.equal(commands.forKey("t", false).id, "theme.next");
  shown = true;
  remove();
  assert.equal(commands.forKey("t", false).id, "theme.next");
});

test("what the table does not know, or a list does by itself, cannot be bound", () => {
  assert.throws(() => new Commands().bind("absent", () => {}), /absent/);
  assert.throws(() => new Commands().bind("list.open", () => {}), /list.open/);
});

test("keys are read and written as the reader knows them", () => {
  assert.equal(keyOf({ key: "K", ctrlKey: true, metaKey: false, altKey: false }), "mod+k");
  assert.equal(keyOf({ key: "k", ctrlKey: false, metaKey: false, altKey: true }), "");
  assert.equal(keyName("mod+k", true), "⌘K");
  assert.equal(keyName("mod+k", false), "Ctrl K");
  assert.deepEqual([" ", "Escape", "?", "j"].map((key) => keyName(key, false)), ["space", "esc", "?", "j"]);
});
