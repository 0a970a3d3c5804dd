// Finds a table in what an MCP tool answered: a list of objects, as it is or as JSON in texts.

/** The rows of a result, null when it is no list of objects. @param {unknown} response @returns {Record<string, unknown>[]|null} */
export function rowsOf(response) {
  if (typeof response === "string") return rowsOf(parsed(response));
  if (isRecord(response)) return Array.isArray(response.content) ? rowsOf(response.content) : null;
  if (!Array.isArray(response) || !response.length || !response.every(isRecord)) return null;
  const texts = response.filter(isText);
  if (!texts.length) return response;
  // One text that is a list, or, as some servers answer, an object in each.
  const values = texts.map(({ text }) => parsed(text));
  return values.length === 1 && Array.isArray(values[0]) ? rowsOf(values[0]) : values.every(isRecord) ? values : null;
}

/** The names of all fields, in the order they come up. @param {Record<string, unknown>[]} rows */
export function columnsOf(rows) {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** What a result says, when it is no table. @param {unknown} response @returns {string} */
export function textOf(response) {
  if (typeof response === "string") return response;
  if (isRecord(response) && Array.isArray(response.content)) return textOf(response.content);
  if (Array.isArray(response) && response.some(isText)) return response.map((block) => (isText(block) ? block.text : `[${block?.type}]`)).join("\n");
  return JSON.stringify(response, null, 2);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value) {
  return isRecord(value) && value.type === "text" && typeof value.text === "string";
}
