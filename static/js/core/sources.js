// The server's lists as windows read them: events by number, documents by what they are ordered by.
// @ts-check

/** @typedef {Record<string, string|number|null>} Query what narrows the list down, as the server takes it */

/**
 * Events in log order.
 * @param {import("./api.js").Api} api
 * @param {Query} query
 * @param {((head: any) => boolean)|null} matches whether a live head belongs to the list; null when only the server can tell
 * @param {() => Promise<number|null>} count
 */
export function eventSource(api, query, matches, count) {
  return {
    matches,
    async fetch(from, direction, limit) {
      const edge = from && (direction === "up" ? { before: from.seq } : { after: from.itself ? from.seq - 1 : from.seq });
      const page = await api.events({ ...query, ...edge, order: direction === "up" ? "desc" : "asc", limit });
      const rows = direction === "up" ? page.events.reverse() : page.events;
      return { rows, more: page.next !== null, upTo: page.last_seq };
    },
    count,
    place: (head) => head.seq,
    at: (seq) => ({ seq, itself: true }),
  };
}

/** Fields that tell when something was: a place in the list can be worked out from one, and so jumped to. */
const TIMES = new Set(["started_at", "last_at"]);

/**
 * A topic's documents, those changed last first, or ordered by a field.
 * @param {import("./api.js").Api} api
 * @param {string} topic
 * @param {Query} query
 * @param {{field: string, descending: boolean, missing: number|string}|null} sort
 * @param {() => Promise<number|null>} count
 */
export function documentSource(api, topic, query, sort, count) {
  const placeOf = (row) => (sort ? (row.value[sort.field] ?? sort.missing) : row.seq);
  const forwards = sort && !sort.descending ? "asc" : "desc";
  const backwards = forwards === "asc" ? "desc" : "asc";
  const edge = (from, direction) => (sort ? { past: from.place, key: from.key } : { [direction === "up" ? "after" : "before"]: from.place, key: from.key });
  return {
    async fetch(from, direction, limit) {
      const order = direction === "up" ? backwards : forwards;
      const page = await api.documents(topic, { ...query, sort: sort?.field ?? null, ...(from && edge(from, direction)), order, limit });
      const rows = direction === "up" ? page.documents.reverse() : page.documents;
      for (const row of rows) row.place = placeOf(row); // its place when it was read, whatever becomes of it
      return { rows, more: page.next !== null };
    },
    count: async () => (!sort || TIMES.has(sort.field) ? count() : null),
    place: (row) => row.place,
    at: (place) => ({ place, key: "" }),
  };
}
