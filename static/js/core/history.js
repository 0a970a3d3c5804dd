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
  return now.tab === before.tab && now.session === before.session && now.query === before.query && before.selection !== null;
}

function typed(now, before) {
  return now.query !== before.query;
}
