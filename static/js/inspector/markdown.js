// What models write, made readable: paragraphs, lists, headings, quotes, code. Only ever text nodes; a link shows where it leads.
// @ts-check

/**
 * @typedef {{type: "p"|"quote", text: string} | {type: "h", level: number, text: string} | {type: "code", text: string, language: string}
 *   | {type: "list", ordered: boolean, start: number, items: {depth: number, text: string}[]} | {type: "rule"}} Block
 * @typedef {{type: "text"|"code"|"strong"|"em", text: string} | {type: "link", text: string, href: string}} Span
 */

const FENCE = /^\s{0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;
const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const RULE = /^\s{0,3}([-*_])(\s*\1){2,}\s*$/;
const QUOTE = /^\s{0,3}>\s?(.*)$/;

/** @param {string} text @returns {Block[]} */
export function parseBlocks(text) {
  const lines = text.split(/\r?\n/);
  /** @type {Block[]} */
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    const fence = FENCE.exec(line);
    if (fence) {
      const end = lines.findIndex((other, index) => index > at && other.trim().startsWith(fence[1]));
      const last = end < 0 ? lines.length : end;
      blocks.push({ type: "code", text: lines.slice(at + 1, last).join("\n"), language: fence[2] });
      at = last + 1;
    } else if (!line.trim()) at += 1;
    else if (HEADING.test(line)) blocks.push({ type: "h", level: /** @type {any} */ (/^#+/.exec(line))[0].length, text: /** @type {any} */ (HEADING.exec(lines[at++]))[1] });
    else if (RULE.test(line)) at = blocks.push({ type: "rule" }) && at + 1;
    else if (QUOTE.test(line)) at = take(lines, at, (other) => QUOTE.exec(other)?.[1] ?? null, (text) => blocks.push({ type: "quote", text }));
    else if (ITEM.test(line)) at = takeList(lines, at, blocks);
    else at = take(lines, at, (other) => (other.trim() && !begins(other) ? other : null), (text) => blocks.push({ type: "p", text }), line);
  }
  return blocks;
}

/** @param {string} line */
function begins(line) {
  return FENCE.test(line) || HEADING.test(line) || ITEM.test(line) || QUOTE.test(line) || RULE.test(line);
}

/** Lines as long as they belong together. @returns {number} the line after them */
function take(lines, at, belongs, done, first = belongs(lines[at])) {
  const taken = [first];
  let next = at + 1;
  for (; next < lines.length; next += 1) {
    const line = belongs(lines[next]);
    if (line === null) break;
    taken.push(line);
  }
  done(taken.join("\n"));
  return next;
}

function takeList(lines, at, blocks) {
  const [, , number] = /** @type {RegExpExecArray} */ (ITEM.exec(lines[at]));
  /** @type {{depth: number, text: string}[]} */
  const items = [];
  let next = at;
  for (; next < lines.length; next += 1) {
    const item = ITEM.exec(lines[next]);
    if (item && !RULE.test(lines[next])) items.push({ depth: Math.min(6, Math.floor(item[1].replace(/\t/g, "  ").length / 2)), text: item[3] });
    else if (/^\s+\S/.test(lines[next]) && !FENCE.test(lines[next])) items[items.length - 1].text += `\n${lines[next].trim()}`;
    else break;
  }
  blocks.push({ type: "list", ordered: number !== undefined, start: Number(number ?? 1), items });
  return next;
}

const SPAN = /(`+)([^`]|[^`].*?[^`])\1(?!`)|\*\*(\S|\S.*?\S)\*\*|\*([^\s*]|[^\s*][^*]*?[^\s*])\*|\[([^\][]+)\]\(([^()\s]+)\)/gs;

/** @param {string} text @returns {Span[]} */
export function parseSpans(text) {
  /** @type {Span[]} */
  const spans = [];
  let end = 0;
  for (const found of text.matchAll(SPAN)) {
    if (found.index > end) spans.push({ type: "text", text: text.slice(end, found.index) });
    const [, , code, strong, em, label, href] = found;
    if (code !== undefined) spans.push({ type: "code", text: code.trim() || code });
    else if (strong !== undefined) spans.push({ type: "strong", text: strong });
    else if (em !== undefined) spans.push({ type: "em", text: em });
    else spans.push({ type: "link", text: label, href });
    end = found.index + found[0].length;
  }
  if (end < text.length) spans.push({ type: "text", text: text.slice(end) });
  return spans;
}
