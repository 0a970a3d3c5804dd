// Binds the key table's commands to the page's parts.
// @ts-check

/**
 * @typedef {object} Page
 * @property {{name: string, title: string}[]} views in order
 * @property {() => any} list the open view's list, if it has one
 * @property {any} header
 * @property {import("../core/themes.js").Themes} themes
 * @property {any} inspector
 * @property {any} help
 * @property {any} palette
 * @property {any} saved the sheet of saved searches
 */

/** @param {import("../core/commands.js").Commands} commands @param {import("../core/store.js").Store} store @param {Page} page */
export function bindCommands(commands, store, page) {
  const selected = () => store.state.selection !== null;
  const step = (/** @type {number} */ by) => {
    const names = page.views.map(({ name }) => name);
    store.update({ tab: names[(names.indexOf(store.state.tab) + by + names.length) % names.length] });
  };

  commands.bind("palette.open", () => page.palette.open());
  commands.bind("help.open", () => page.help.open());
  commands.bind("search.focus", () => page.header.focusSearch());
  commands.bind("search.saved", () => page.saved.open());
  commands.bind("project.pick", () => page.header.pickProject());
  commands.bind("session.pick", () => page.header.pickSession());
  commands.bind("follow.toggle", () => store.update({ paused: !store.state.paused }));
  commands.bind("theme.next", () => page.themes.next());
  commands.bind("view.previous", () => step(-1));
  commands.bind("view.next", () => step(1));
  commands.bind("range.clear", () => store.update({ from: null, to: null }), () => store.state.from !== null || store.state.to !== null);

  commands.bind("mark.clear", () => store.seen.clear(), () => store.seen.mark !== null);
  const hasList = () => page.list()?.focus !== undefined;
  commands.bind("list.focus", () => page.list().focus(), hasList);
  commands.bind("list.next", () => enter(page.list(), "j"), hasList);
  commands.bind("list.previous", () => enter(page.list(), "k"), hasList);

  commands.bind("inspector.focus", () => page.inspector.focus(), selected);
  commands.bind("inspector.json", () => page.inspector.toggleJson(), selected);
  commands.bind("inspector.copy", () => page.inspector.copy(), selected);
  commands.bind("inspector.link", () => page.inspector.copyLink());
  commands.bind("inspector.reveal", () => page.inspector.reveal(), () => page.inspector.canReveal);
  commands.bind("inspector.previous", () => page.inspector.step(-1), () => page.inspector.canStep(-1));
  commands.bind("inspector.next", () => page.inspector.step(1), () => page.inspector.canStep(1));
  commands.bind("inspector.close", () => close(store, page), selected);

  page.views.forEach(({ name, title }, index) => {
    const keys = index < 9 ? [String(index + 1)] : [];
    commands.add({ id: `view.${name}`, title, group: "Views", keys, run: () => store.update({ tab: name }) });
  });
  for (const { name, title } of page.themes.all) {
    commands.add({ id: `theme.choose.${name}`, title: `Theme: ${title}`, group: "Themes", run: () => page.themes.choose(name) });
  }
}

/** A list that has the focus takes these keys by itself; from elsewhere they take the focus there first. @param {any} list @param {string} key */
function enter(list, key) {
  list.focus();
  list.press?.(key);
}

/** @param {import("../core/store.js").Store} store @param {Page} page */
function close(store, page) {
  store.select(null);
  page.list()?.focus?.();
}
