// Keyboard movement in a list: which row is meant after a key.
// @ts-check

/**
 * @param {string} key
 * @param {number} index the active row, -1 for none
 * @param {number} count
 * @param {number} page rows that fit on the screen
 * @returns {number|null} the new active row, or null when the key moves nothing
 */
export function moveCursor(key, index, count, page) {
  if (count === 0) return null;
  const clamp = (/** @type {number} */ wanted) => Math.max(0, Math.min(count - 1, wanted));
  switch (key) {
    case "ArrowDown":
    case "j":
      return clamp(index + 1);
    case "ArrowUp":
    case "k":
      return index < 0 ? count - 1 : clamp(index - 1);
    case "PageDown":
      return clamp(index + page);
    case "PageUp":
      return clamp(index - page);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
