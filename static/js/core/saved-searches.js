// The searches kept on the server, each under a name: reading, saving, deleting, finding by words.
// @ts-check

/** @typedef {{id: string, name: string, query: string}} SavedSearch */
/** @typedef {import("./api.js").Api} Api */

/** All of them, by name. @param {Api} api @returns {Promise<SavedSearch[]>} */
export async function savedSearches(api) {
  return (await api.get("searches")).searches;
}

/** Keep a query; the one that had the name makes way. @param {Api} api @param {string} name @param {string} query @returns {Promise<SavedSearch>} */
export function saveSearch(api, name, query) {
  return api.post("searches", { name, query });
}

/** @param {Api} api @param {SavedSearch} search */
export async function deleteSearch(api, { id }) {
  try {
    await api.delete(`searches/${encodeURIComponent(id)}`);
  } catch (error) {
    if (/** @type {any} */ (error).status !== 404) throw error; // another page was faster
  }
}

/** Those whose name and query hold all the words. @param {SavedSearch[]} searches @param {string} words */
export function searchesWith(searches, words) {
  const wanted = words.toLowerCase().split(/\s+/);
  return searches.filter(({ name, query }) => wanted.every((word) => `${name} ${query}`.toLowerCase().includes(word)));
}
