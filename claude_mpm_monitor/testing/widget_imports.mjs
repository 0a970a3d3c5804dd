// Resolves a widget's imports as the page does: lit by a stand-in, the SDK as it is, its own files, and nothing else.
import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

let stub = "";
let statics = "";
let own = "";

export function initialize(data) {
  [stub, statics, own] = [data.stub, pathToFileURL(`${data.statics}/`).href, pathToFileURL(`${data.own}/`).href];
}

export function resolve(specifier, { parentURL = "" }, next) {
  if (specifier === "lit" || specifier.startsWith("lit/")) return { url: stub, shortCircuit: true };
  if (specifier === "@mpm-monitor/sdk") return { url: new URL("js/sdk.js", statics).href, shortCircuit: true };
  if (!parentURL.startsWith(own)) return next(specifier, { parentURL });
  if (!/^\.{0,2}\//.test(specifier)) throw new Error(`it imports "${specifier}", which the page does not provide`);
  const url = new URL(specifier, parentURL).href;
  if (!url.startsWith(own)) throw new Error(`it imports "${specifier}", which is none of its own files`);
  return { url, shortCircuit: true };
}

export async function load(url, context, next) {
  if (!url.startsWith("file:") || !url.split("?")[0].endsWith(".js")) return next(url, context);
  return { format: "module", source: await readFile(fileURLToPath(url)), shortCircuit: true };
}
