// Loads one widget's module, keeps it connected for a moment, and tells as JSON what came of it.
// What comes on standard input is JSON: {module, own, statics, config, documents, answers, subject}.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { pretendBrowser } from "./widget_browser.mjs";
import { textOf } from "./widget_text.mjs";

const given = JSON.parse(readFileSync(0, "utf8"));
const problems = [];
const told = { text: "", problems, unchecked: [] };
pretendBrowser(problems);
register("./widget_imports.mjs", import.meta.url, { data: { stub: new URL("widget_lit.mjs", import.meta.url).href, statics: given.statics, own: given.own } });
process.on("unhandledRejection", (error) => problems.push(sentence(error)));
process.on("uncaughtException", (error) => problems.push(sentence(error)));

const timers = new Set();
const { setInterval: every, clearInterval: end } = globalThis;
globalThis.setInterval = (...wanted) => {
  const timer = every(...wanted);
  timers.add(timer);
  return timer;
};
globalThis.clearInterval = (timer) => (timers.delete(timer), end(timer));

try {
  await run();
} catch (error) {
  problems.push(sentence(error));
}
told.problems = [...new Set(problems)];
process.stdout.write(JSON.stringify(told), () => process.exit(0));

async function run() {
  const { default: Widget } = await import(pathToFileURL(given.module).href);
  if (!(Widget?.prototype instanceof HTMLElement)) return void problems.push("it has no default export that extends HTMLElement");
  const subscriptions = new Set();
  const element = new Widget();
  element.addEventListener("widget-error", ({ detail }) => problems.push(sentence(detail)));
  element.monitor = await monitorFor(subscriptions);
  element.setConfig?.(given.config);
  if (given.subject) element.subject = given.subject;
  element.isConnected = true;
  element.connectedCallback?.();
  for (let moment = 0; moment < 5; moment += 1) await new Promise((resolve) => setImmediate(resolve));
  for (const { topics, callback } of subscriptions) callback(new Set(topics));
  await new Promise((resolve) => setImmediate(resolve));
  const drawn = "rendered" in element;
  told.text = (drawn ? textOf(element.rendered, problems) : element.textContent).replace(/\s+/g, " ").trim();
  if (!drawn) told.unchecked.push("what it draws: it does not render by lit, only a browser can tell");
  element.isConnected = false;
  element.disconnectedCallback?.();
  if (subscriptions.size) problems.push("a subscription goes on after the widget was taken off the page");
  if (timers.size) problems.push("an interval goes on after the widget was taken off the page");
}

async function monitorFor(subscriptions) {
  const format = await import(pathToFileURL(`${given.statics}/js/core/format.js`).href);
  const store = {
    state: Object.freeze({ tab: "", project: "", session: "", query: "", from: null, to: null, selection: null, paused: false }),
    session: null, sessionId: "",
    documents(topic) {
      const all = Object.entries(given.documents[topic] ?? {}).map(([key, value], index) => ({ key, session_id: value.session_id ?? "", seq: index + 1, value }));
      return { all, size: all.length, complete: true, loading: false, error: null, rest: async () => {}, get: (key) => all.find((one) => one.key === key) };
    },
    lookup: (topic, key) => given.documents[topic]?.[key] ?? null,
    subscribe(topics, callback) {
      const subscription = { topics, callback };
      subscriptions.add(subscription);
      return () => subscriptions.delete(subscription);
    },
    select() {}, update() {},
  };
  const api = {
    async get(path) {
      if (!(path in given.answers)) throw new Error(`it asks for ${path}: give check_widget an answer to that`);
      return given.answers[path];
    },
  };
  const ask = async (plugin, name) => {
    const asked = `${plugin} ${name}`;
    if (!(asked in given.answers)) throw new Error(`it asks ${plugin} for ${name}: give check_widget an answer to "${asked}"`);
    return given.answers[asked];
  };
  return Object.freeze({ store, api, ask, commands: { add: () => () => {} }, format, version: "1.1" });
}

function sentence(error) {
  const where = String(error?.stack ?? "").match(new RegExp(`${given.own.split("/").at(-1)}/([^\\s)]+:\\d+)`))?.[1];
  return `${error?.message ?? error}${where ? ` (${where})` : ""}`;
}
