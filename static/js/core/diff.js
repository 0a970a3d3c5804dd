// Line difference of two texts: longest common subsequence, bounded so that no input can stall the page.
// @ts-check

/** @typedef {{op: " "|"+"|"-", text: string, before: number|null, after: number|null}} DiffLine */

/** Above this many comparisons the changed middle is shown as one removed and one added block. */
const MOST_CELLS = 2_000_000;

/**
 * @param {string} before
 * @param {string} after
 * @param {number} [firstLine] number of the first line, for excerpts
 * @returns {DiffLine[]}
 */
export function diffLines(before, after, firstLine = 1) {
  const a = splitLines(before);
  const b = splitLines(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;

  const middle = operations(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const ops = [...Array(head).fill(" "), ...middle, ...Array(tail).fill(" ")];
  return number(ops, a, b, firstLine);
}

/** Keep `context` lines round each change; the rest become `{skipped: n}`. @param {DiffLine[]} lines */
export function foldUnchanged(lines, context = 3) {
  /** @type {(DiffLine | {skipped: number})[][]} */
  const folded = [];
  let start = 0;
  while (start < lines.length) {
    let end = start;
    while (end < lines.length && (lines[end].op === " ") === (lines[start].op === " ")) end += 1;
    const run = lines.slice(start, end);
    const keepBefore = start === 0 ? 0 : context;
    const keepAfter = end === lines.length ? 0 : context;
    if (run[0].op !== " " || run.length <= keepBefore + keepAfter + 1) folded.push(run);
    else folded.push(run.slice(0, keepBefore), [{ skipped: run.length - keepBefore - keepAfter }], run.slice(run.length - keepAfter));
    start = end;
  }
  return folded.flat();
}

/** How many lines a difference adds and removes. @param {DiffLine[]} lines */
export function tally(lines) {
  return {
    added: lines.filter((line) => line.op === "+").length,
    removed: lines.filter((line) => line.op === "-").length,
  };
}

/** A final line break ends the last line; it does not begin another. @param {string} text */
function splitLines(text) {
  if (text === "") return [];
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** @param {string[]} a @param {string[]} b */
function operations(a, b) {
  if (!a.length || !b.length || a.length * b.length > MOST_CELLS) return [...Array(a.length).fill("-"), ...Array(b.length).fill("+")];
  const lengths = commonLengths(a, b);
  const width = b.length + 1;
  const ops = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const same = a[i] === b[j];
    const removes = same || lengths[(i + 1) * width + j] >= lengths[i * width + j + 1];
    ops.push(same ? " " : removes ? "-" : "+");
    if (removes) i += 1;
    if (same || !removes) j += 1;
  }
  return [...ops, ...Array(a.length - i).fill("-"), ...Array(b.length - j).fill("+")];
}

/** Table of common-subsequence lengths of every pair of suffixes. @param {string[]} a @param {string[]} b */
function commonLengths(a, b) {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      lengths[at] = a[i] === b[j] ? lengths[at + width + 1] + 1 : Math.max(lengths[at + width], lengths[at + 1]);
    }
  }
  return lengths;
}

/** @param {string[]} ops @param {string[]} a @param {string[]} b @param {number} first @returns {DiffLine[]} */
function number(ops, a, b, first) {
  let i = 0;
  let j = 0;
  return ops.map((op) => {
    if (op === "-") return { op, text: a[i], before: first + i++, after: null };
    if (op === "+") return { op, text: b[j], before: null, after: first + j++ };
    return { op: " ", text: a[i], before: first + i++, after: first + j++ };
  });
}
