// Turns the wire's numbers (µs, counts, paths) into the text people read, in their own locale and zone.
// @ts-check

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const integer = new Intl.NumberFormat();

/** Wall-clock time with milliseconds. @param {number|null|undefined} at µs since the epoch */
export function time(at) {
  if (at === null || at === undefined) return "–";
  const milliseconds = Math.floor(at / 1000);
  return `${clock.format(milliseconds)}.${String(milliseconds % 1000).padStart(3, "0")}`;
}

/** Date and time in full. @param {number|null|undefined} at µs since the epoch */
export function dateTime(at) {
  return at === null || at === undefined ? "–" : full.format(at / 1000);
}

/** Time for today, day and time for any other. @param {number|null|undefined} at @param {number} now ms */
export function moment(at, now = Date.now()) {
  if (at === null || at === undefined) return "–";
  const then = new Date(at / 1000);
  const clockText = clock.format(then).slice(0, 5);
  return then.toDateString() === new Date(now).toDateString() ? clockText : `${day.format(then)} ${clockText}`;
}

/** Time for a row: with milliseconds today, with the day before that. @param {number} at µs @param {number} today start of today, ms */
export function rowTime(at, today = new Date().setHours(0, 0, 0, 0)) {
  return at / 1000 >= today ? time(at) : moment(at);
}

/** Length of time in whole seconds, for a clock that ticks. @param {number} micros */
export function elapsed(micros) {
  const seconds = Math.max(0, Math.floor(micros / 1e6));
  return seconds < 60 ? `${seconds} s` : longDuration(seconds);
}

/** Length of time, three significant figures at most. @param {number|null|undefined} micros */
export function duration(micros) {
  if (micros === null || micros === undefined) return "–";
  if (micros < 1000) return "< 1 ms";
  if (micros < 999_500) return `${Math.round(micros / 1000)} ms`;
  const seconds = micros / 1e6;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return longDuration(Math.round(seconds));
}

/** @param {number} seconds whole seconds, a minute or more */
function longDuration(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long ago, in one word or two. @param {number|null|undefined} at µs @param {number} now ms */
export function ago(at, now = Date.now()) {
  if (at === null || at === undefined) return "–";
  const seconds = Math.max(0, Math.floor(now / 1000 - at / 1e6));
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** Whole number with the locale's grouping. @param {number|null|undefined} value */
export function count(value) {
  return value === null || value === undefined ? "–" : integer.format(value);
}

/** "1 event", "2 events". @param {number} value @param {string} noun */
export function plural(value, noun) {
  return `${integer.format(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Size of a text or file. @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** First block of a long identifier. @param {string} id */
export function shortId(id) {
  return id.length > 12 ? id.slice(0, 8) : id;
}

/** Last part of a path, whichever separator. @param {string} path */
export function baseName(path) {
  return path.replace(/[\\/]+$/, "").split(/[\\/]/).at(-1) ?? path;
}

/** `path` as seen from `directory`, or unchanged when it lies elsewhere. @param {string} path @param {string} directory */
export function relativePath(path, directory) {
  const root = directory.replace(/[\\/]+$/, "");
  if (!root || !path.startsWith(root)) return path;
  const rest = path.slice(root.length);
  return /^[\\/]/.test(rest) ? rest.slice(1) : path;
}
