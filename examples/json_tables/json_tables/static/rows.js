// Finds a table in what an MCP tool answered: a list of objects, as it is, as JSON in texts, or with figures about it.

/** The rows of a result, null when it is no list of objects. @param {unknown} response @returns {Record<string, unknown>[]|null} */
export function rowsOf(response) {
  if (typeof response === "string") return rowsOf(parsed(response));
  if (isRecord(response)) return rowsOf(response.content) ?? listed(response);
  if (!Array.isArray(response) || !response.length || !response.every(isRecord)) return null;
  const texts = response.filter(isText);
  if (!texts.length) return response;
  // One text that is a list, or, as some servers answer, an object in each.
  const values = texts.map(({ text }) => parsed(text));
  const [only] = values;
  const found = values.length > 1 ? null : isRecord(only) ? listed(only) : rowsOf(only);
  return found ?? (values.every(isRecord) ? values : null);
}

/** What lists are beside, such as how many there are in all: {total_count: 812, items: […]}. @param {Record<string, unknown>} record */
function listed(record) {
  const lists = Object.values(record).filter(Array.isArray);
  return lists.length === 1 ? rowsOf(lists[0]) : null;
}

/** The rest of a record whose list is the table. @param {unknown} response @returns {[string, unknown][]} */
export function besidesOf(response) {
  if (typeof response === "string") return besidesOf(parsed(response));
  if (Array.isArray(response)) return response.length === 1 && isText(response[0]) ? besidesOf(response[0].text) : [];
  if (!isRecord(response)) return [];
  if (Array.isArray(response.content)) return besidesOf(response.content);
  return listed(response) ? Object.entries(response).filter(([, value]) => !Array.isArray(value)) : [];
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
