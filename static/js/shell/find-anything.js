// What the palette finds beside commands: sessions by name, and a search for the words as they stand.
// @ts-check
import { moment } from "../core/format.js";
import { inOrder, projectName, sessionName } from "../core/sessions.js";

const MOST = 8;

/** @param {import("../core/store.js").Store} store @param {string} words */
export async function findAnything(store, words) {
  if (!words) return [];
  const sessions = inOrder(await store.sessions.find(words.toLowerCase())).slice(0, MOST);
  return [
    { group: "Search", title: words, run: () => store.update({ tab: "events", query: words }) },
    ...sessions.map((session) => ({
      group: "Session",
      title: `${sessionName(session)} · ${projectName(session)} · ${moment(session.started_at)}`,
      run: () => store.update({ session: session.session_id }),
    })),
  ];
}
