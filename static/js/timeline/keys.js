// The timeline's keys, as commands: WASD and the arrows move it, as in trace viewers.
// @ts-check

const GROUP = "Timeline";
const CLOSER = 0.7;
/** Of the width in sight. */
const STEP = 0.15;

/**
 * @param {import("../core/commands.js").Commands} commands
 * @param {{zoom: (factor: number) => void, pan: (share: number) => void, scroll: (rows: number) => void, fit: () => void, follow: () => void, toSelection: () => void, path: () => void}} does
 * @param {() => boolean} when
 * @returns {() => void} takes them away
 */
export function addKeys(commands, does, when) {
  const add = (/** @type {string} */ id, /** @type {string} */ title, /** @type {string[]} */ keys, /** @type {() => void} */ run) =>
    commands.add({ id: `timeline.${id}`, title, group: GROUP, keys, run, when });
  const added = [
    add("closer", "Zoom in", ["w", "+", "="], () => does.zoom(CLOSER)),
    add("further", "Zoom out", ["s", "-"], () => does.zoom(1 / CLOSER)),
    add("earlier", "Earlier", ["a", "ArrowLeft"], () => does.pan(-STEP)),
    add("later", "Later", ["d", "ArrowRight"], () => does.pan(STEP)),
    add("up", "Scroll up", ["ArrowUp"], () => does.scroll(-2)),
    add("down", "Scroll down", ["ArrowDown"], () => does.scroll(2)),
    add("fit", "Show all of it", ["f"], does.fit),
    add("selection", "Zoom to what is selected", ["z"], does.toSelection),
    add("follow", "Keep now in sight", ["n"], does.follow),
    add("path", "Show or hide the critical path", ["x"], does.path),
  ];
  return () => added.forEach((remove) => remove());
}
