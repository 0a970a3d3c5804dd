// What the reader set and expects to find again: theme and the divider's place. Kept in the browser only.
// @ts-check

const PREFIX = "mpm-monitor.";

/** @param {string} name @param {string} fallback */
export function preference(name, fallback) {
  try {
    return localStorage.getItem(PREFIX + name) ?? fallback;
  } catch {
    return fallback; // storage can be forbidden; the page works without
  }
}

/** @param {string} name @param {string} value */
export function setPreference(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // the setting then lasts as long as the page
  }
}
