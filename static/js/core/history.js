// Keeps the address and the state the same, both ways, so that links, back and forward work.
// @ts-check
import { formatRoute, parseRoute } from "./route.js";

/** @param {import("./store.js").Store} store */
export function keepAddress(store) {
  const read = () => store.update(parseRoute(location.hash));
  read();
  addEventListener("popstate", read);
  addEventListener("hashchange", read);

  let stepped = 0;
  store.subscribe(["state"], () => {
    const hash = formatRoute(store.state);
    const shown = location.hash ? formatRoute(parseRoute(location.hash)) : "";
    if (hash === shown) return;
    // Walking through a list with the arrow keys is one step back, not fifty.
    const walking = onlySelectionMoved(parseRoute(hash), parseRoute(location.hash)) && Date.now() - stepped < 1000;
    stepped = Date.now();
    if (!shown || walking || typed(parseRoute(hash), parseRoute(location.hash))) history.replaceState(null, "", hash);
    else history.pushState(null, "", hash);
  });
}

function onlySelectionMoved(now, before) {
  const unselected = (/** @type {any} */ route) => formatRoute({ ...route, selection: null });
  return before.selection !== null && unselected(now) === unselected(before);
}

/** What changes by small steps, letters typed or a range dragged, is no step back of its own. */
function typed(now, before) {
  const moved = before.from !== null && now.from !== null && (now.from !== before.from || now.to !== before.to);
  return now.query !== before.query || (moved && now.tab === before.tab);
}
