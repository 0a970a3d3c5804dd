// Finds a table in what an MCP tool answered: a list of objects, as it is, as JSON in texts, or with figures about it.

/** @typedef {{rows: Record<string, unknown>[], besides: [string, unknown][]}} Table `besides`: figures about the rows */

/** The table a result is, null when it is no list of objects. @param {unknown} response @returns {Table|null} */
export function tableOf(response) {
  if (typeof response === "string") return tableOf(parsed(response));
  if (isRecord(response)) return tableOf(response.content) ?? listed(response);
  if (!Array.isArray(response) || !response.length || !response.every(isRecord)) return null;
  const texts = response.filter(isText);
  if (!texts.length) return { rows: response, besides: [] };
  // One text that is a list, or, as some servers answer, an object in each.
  const values = texts.map(({ text }) => parsed(text));
  const [only] = values;
  const found = values.length > 1 ? null : isRecord(only) ? listed(only) : tableOf(only);
  return found ?? (values.every(isRecord) ? { rows: values, besides: [] } : null);
}

/** A record whose one list is the table, such as {total_count: 812, items: […]}. @param {Record<string, unknown>} record @returns {Table|null} */
function listed(record) {
  const lists = Object.values(record).filter(Array.isArray);
  const table = lists.length === 1 ? tableOf(lists[0]) : null;
  return table && { rows: table.rows, besides: Object.entries(record).filter(([, value]) => !Array.isArray(value)) };
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
