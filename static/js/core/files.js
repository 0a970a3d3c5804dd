// Files grouped by directory, as rows of a two-level tree.
// @ts-check
import { relativePath } from "./format.js";

/** @typedef {{key: string, depth: number, directory: string, file: any|null, files: number, reads: number, writes: number, edits: number}} FileRow */

/**
 * @param {any[]} files file documents' values
 * @param {(sessionId: string) => string} directoryOf where a session works; paths below it are shown relative to it
 * @param {Set<string>} closed keys of closed directories
 * @returns {FileRow[]}
 */
export function fileRows(files, directoryOf, closed) {
  /** @type {Map<string, any[]>} */
  const groups = new Map();
  for (const file of files) {
    const directory = parentOf(relativePath(file.path, directoryOf(file.session_id)));
    if (!groups.has(directory)) groups.set(directory, []);
    groups.get(directory)?.push(file);
  }
  const names = [...groups.keys()].sort((a, b) => Number(isOutside(a)) - Number(isOutside(b)) || a.localeCompare(b));
  return names.flatMap((directory) => groupRows(directory, groups.get(directory) ?? [], closed));
}

/** @param {string} directory @param {any[]} files @param {Set<string>} closed @returns {FileRow[]} */
function groupRows(directory, files, closed) {
  const key = `directory:${directory}`;
  const head = {
    key, directory, depth: 0, file: null, files: files.length,
    reads: sum(files, (file) => file.reads), writes: sum(files, (file) => file.writes), edits: sum(files, (file) => file.edits),
  };
  if (closed.has(key)) return [head];
  const sorted = [...files].sort((a, b) => a.path.localeCompare(b.path));
  return [head, ...sorted.map((file) => ({ ...head, key: `${file.session_id}/${file.path}`, depth: 1, file }))];
}

/** @param {string} path */
function parentOf(path) {
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return cut < 0 ? "" : path.slice(0, cut) || "/";
}

/** @param {string} directory */
function isOutside(directory) {
  return /^([\\/]|[a-z]:)/i.test(directory);
}

/** @param {any[]} files @param {(file: any) => number} value */
function sum(files, value) {
  return files.reduce((total, file) => total + value(file), 0);
}
