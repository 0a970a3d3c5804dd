// Listens to the page's keys and runs the command each stands for.
// @ts-check
import { keyOf } from "./keymap.js";

const TYPING = "input, textarea, select, [contenteditable]";
/** What a space presses, and Enter opens, by itself. */
const PRESSABLE = `${TYPING}, button, a[href], summary, [role=separator], [role=option], [role=treeitem]`;

/**
 * @param {import("./commands.js").Commands} commands
 * @returns {() => void} ends listening
 */
export function listenToKeys(commands) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const key = keyOf(event);
    if (key === " " && target.matches?.(PRESSABLE)) return;
    const command = commands.forKey(key, target.matches?.(TYPING) ?? false);
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}
