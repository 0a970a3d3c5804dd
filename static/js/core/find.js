// Finding a text in lines, whatever the case: which lines have it, and which parts of a line are it.
// @ts-check

/** The numbers of the lines that hold the text, none for an empty one. @param {string[]} lines @param {string} text */
export function linesWith(lines, text) {
  const wanted = text.toLowerCase();
  if (!wanted) return [];
  return lines.flatMap((line, number) => (line.toLowerCase().includes(wanted) ? [number] : []));
}

/** A line taken apart: every second part is the text looked for. @param {string} line @param {string} text @returns {string[]} */
export function partsOf(line, text) {
  const wanted = text.toLowerCase();
  const within = line.toLowerCase();
  // Letters that change their length with their case would shift what is marked.
  if (!wanted || within.length !== line.length) return [line];
  const parts = [];
  let done = 0;
  for (let at = within.indexOf(wanted); at !== -1; at = within.indexOf(wanted, done)) {
    parts.push(line.slice(done, at), line.slice(at, at + wanted.length));
    done = at + wanted.length;
  }
  return [...parts, line.slice(done)];
}
