// What the palette finds beside commands: saved searches and sessions by name, and a search for the words as they stand.
// @ts-check
import { moment } from "../core/format.js";
import { savedSearches, searchesWith } from "../core/saved-searches.js";
import { inOrder, projectName, sessionName } from "../core/sessions.js";

const MOST = 8;

/** @param {import("../core/store.js").Store} store @param {import("../core/api.js").Api} api @param {string} words */
export async function findAnything(store, api, words) {
  if (!words) return [];
  const [found, saved] = await Promise.all([store.sessions.find(words.toLowerCase()), savedSearches(api)]);
  const sessions = inOrder(found).slice(0, MOST);
  return [
    ...searchesWith(saved, words).slice(0, MOST).map(({ name, query }) => ({
      group: "Saved",
      title: `${name} · ${query}`,
      run: () => store.update({ tab: "events", query }),
    })),
    { group: "Search", title: words, run: () => store.update({ tab: "events", query: words }) },
    ...sessions.map((session) => ({
      group: "Session",
      title: `${sessionName(session)} · ${projectName(session)} · ${moment(session.started_at)}`,
      run: () => store.update({ session: session.session_id }),
    })),
  ];
}
