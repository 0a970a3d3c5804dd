import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";

const ROOT = new URL("../../static/", import.meta.url).pathname;
const { imports } = JSON.parse(readFileSync(join(ROOT, "importmap.json"), "utf8"));
const IMPORT = /^(?:import|export)\s[^"';]*?from\s*"([^"]+)"|^import\s*"([^"]+)"/gm;

/** Address of what a module of ours imports; null for what is vendored. */
function addressOf(name, from) {
  if (name.startsWith(".")) return normalize(join(dirname(from), name));
  return imports[name]?.startsWith("/static/js/") ? imports[name] : null;
}

function reachable(address, found = new Set()) {
  if (found.has(address)) return found;
  found.add(address);
  const source = readFileSync(join(ROOT, address.replace("/static/", "")), "utf8");
  for (const [, named, bare] of source.matchAll(IMPORT)) {
    const next = addressOf(named ?? bare, address);
    if (next) reachable(next, found);
  }
  return found;
}

test("index.html preloads exactly the modules the page runs, so that they come all at once", () => {
  const entries = ["/static/js/app.js", ...["overview", "events", "agents", "tools", "files", "cost", "sessions", "health"].map((name) => `/static/js/widgets/${name}.js`)];
  const needed = new Set(entries.flatMap((entry) => [...reachable(entry)]));
  needed.delete("/static/js/app.js");
  const page = readFileSync(join(ROOT, "index.html"), "utf8");
  const listed = [...page.matchAll(/<link rel="modulepreload" href="([^"]+)">/g)].map(([, href]) => href);
  assert.deepEqual(listed.filter((href) => href.startsWith("/static/js/")), [...needed].sort());
});
