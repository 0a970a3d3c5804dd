// Page-wide keys: / search, 1–9 tabs, space pause, Esc back, j/k into the list.
// @ts-check

const TYPING = "input, textarea, select, [contenteditable]";
const PRESSABLE = `${TYPING}, button, a[href], summary, [role=separator]`;

/**
 * @param {import("./store.js").Store} store
 * @param {{search: () => HTMLElement|null, tabs: () => string[], list: () => HTMLElement|null}} page
 * @returns {() => void} ends listening
 */
export function listenToKeys(store, page) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const action = actionFor(event.key, target);
    if (!action) return;
    event.preventDefault();
    action(store, page, event);
  };
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}

function actionFor(key, target) {
  const typing = target.matches?.(TYPING);
  if (key === "Escape") return typing ? null : closeSelection;
  if (typing) return null;
  if (key === "/") return focusSearch;
  if (key === " ") return target.matches?.(PRESSABLE) ? null : togglePause;
  if (/^[1-9]$/.test(key)) return openTab;
  return key === "j" || key === "k" ? enterList : null;
}

const focusSearch = (store, page) => page.search()?.focus();
const togglePause = (store) => store.update({ paused: !store.state.paused });
const closeSelection = (store, page) => {
  store.select(null);
  page.list()?.focus();
};

function openTab(store, page, event) {
  const tab = page.tabs()[Number(event.key) - 1];
  if (tab) store.update({ tab });
}

function enterList(store, page, event) {
  const list = /** @type {any} */ (page.list());
  if (event.composedPath().includes(list)) return; // it had its chance
  list?.focus();
  list?.press?.(event.key);
}
