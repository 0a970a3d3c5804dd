// Every key the page knows, in one table: what the help sheet lists, the palette offers and `Commands` acts on.
// @ts-check

/**
 * `keys` are alternatives: a key's own name, after "mod+" with Ctrl or Cmd held. `where` says who acts on it: "page", anywhere; or
 * "list", the list itself while it has the focus.
 * @typedef {{id: string, title: string, group: string, keys: string[], where: "page"|"list", whileTyping?: boolean}} Binding
 */

/** @type {Binding[]} */
export const KEYMAP = [
  { id: "palette.open", title: "Command palette", group: "Anywhere", keys: ["mod+k"], where: "page", whileTyping: true },
  { id: "help.open", title: "Keyboard help", group: "Anywhere", keys: ["?"], where: "page" },
  { id: "search.focus", title: "Search", group: "Anywhere", keys: ["/"], where: "page" },
  { id: "search.saved", title: "Saved searches", group: "Anywhere", keys: ["q"], where: "page" },
  { id: "project.pick", title: "Choose a project", group: "Anywhere", keys: ["p"], where: "page" },
  { id: "session.pick", title: "Choose a session", group: "Anywhere", keys: ["s"], where: "page" },
  { id: "follow.toggle", title: "Pause or follow", group: "Anywhere", keys: [" "], where: "page" },
  { id: "theme.next", title: "Change the theme", group: "Anywhere", keys: ["t"], where: "page" },
  { id: "view.previous", title: "Previous view", group: "Views", keys: ["["], where: "page" },
  { id: "view.next", title: "Next view", group: "Views", keys: ["]"], where: "page" },
  { id: "range.clear", title: "Leave the time range", group: "Views", keys: ["0"], where: "page" },
  { id: "list.focus", title: "Go to the list", group: "List", keys: ["l"], where: "page" },
  { id: "list.next", title: "Next row", group: "List", keys: ["j"], where: "page" },
  { id: "list.previous", title: "Previous row", group: "List", keys: ["k"], where: "page" },
  { id: "list.step", title: "Next, previous row", group: "List", keys: ["ArrowDown", "ArrowUp"], where: "list" },
  { id: "list.page-down", title: "A screen down", group: "List", keys: ["PageDown"], where: "list" },
  { id: "list.page-up", title: "A screen up", group: "List", keys: ["PageUp"], where: "list" },
  { id: "list.first", title: "First row", group: "List", keys: ["Home"], where: "list" },
  { id: "list.last", title: "Last row", group: "List", keys: ["End"], where: "list" },
  { id: "list.open", title: "Select the row", group: "List", keys: ["Enter"], where: "list" },
  { id: "list.fold", title: "Close or open a branch", group: "List", keys: ["ArrowLeft", "ArrowRight"], where: "list" },
  { id: "mark.clear", title: "Mark everything as seen", group: "List", keys: ["m"], where: "page" },
  { id: "inspector.focus", title: "Go to the inspector", group: "Inspector", keys: ["i"], where: "page" },
  { id: "inspector.json", title: "JSON or readable", group: "Inspector", keys: ["v"], where: "page" },
  { id: "inspector.copy", title: "Copy the JSON", group: "Inspector", keys: ["c"], where: "page" },
  { id: "inspector.link", title: "Copy a link to this page", group: "Inspector", keys: ["y"], where: "page" },
  { id: "inspector.reveal", title: "Show in the list", group: "Inspector", keys: ["r"], where: "page" },
  { id: "inspector.previous", title: "Previous event of this call", group: "Inspector", keys: [","], where: "page" },
  { id: "inspector.next", title: "Next event of this call", group: "Inspector", keys: ["."], where: "page" },
  { id: "inspector.close", title: "Close", group: "Inspector", keys: ["Escape"], where: "page" },
];

const NAMES = { " ": "space", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", PageDown: "page down", PageUp: "page up", Escape: "esc" };

/** A key as the reader knows it. @param {string} key @param {boolean} [apple] */
export function keyName(key, apple = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? "")) {
  const [, mod, name] = /** @type {RegExpExecArray} */ (/^(mod\+)?(.+)$/s.exec(key));
  const shown = NAMES[name] ?? (name.length === 1 && mod ? name.toUpperCase() : name.toLowerCase());
  return mod ? `${apple ? "⌘" : "Ctrl "}${shown}` : shown;
}

/** The key an event is of, as the table writes it; "" for those with Alt, which belong to the browser. @param {KeyboardEvent} event */
export function keyOf(event) {
  if (event.altKey) return "";
  return event.ctrlKey || event.metaKey ? `mod+${event.key.toLowerCase()}` : event.key;
}
