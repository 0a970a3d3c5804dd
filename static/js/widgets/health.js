// Tab "Health": how the monitor itself is doing, in words where something is wrong, and in figures.
import { Widget, html, nothing } from "@mpm-monitor/sdk";
import { Answer } from "../core/answer.js";
import { count, dateTime, elapsed, size } from "../core/format.js";
import { statusShape } from "../ui/status.js";
import { healthStyles } from "./health.styles.js";

/** What became of the deliveries, and what that means. `worry` when there should be none. */
const COUNTERS = [
  { id: "received", label: "Received", what: "deliveries taken in since the start" },
  { id: "stored", label: "Stored", what: "events committed" },
  { id: "duplicate", label: "Duplicate", what: "known already, not stored again" },
  { id: "recovered", label: "Recovered", what: "left in the spool while nobody answered" },
  { id: "rejected", label: "Rejected", what: "not understood; kept as dead letters", worry: true },
  { id: "dropped", label: "Dropped", what: "could be stored nowhere", worry: true },
  { id: "redacted", label: "Redacted", what: "secrets hidden before storing" },
];
const MEMORY = "What its objects take in memory: data, not code. Counted anew every ten seconds.";
const STORED = "The text of the documents that its analyzers have stored.";
const SHAPES = { active: "ok", failed: "error", disabled: "ended" };

export default class HealthWidget extends Widget {
  static styles = [Widget.styles, healthStyles];

  #status = new Answer(() => this.monitor.api.get("status"), () => this.requestUpdate());
  #plugins = new Answer(() => this.monitor.api.get("plugins"), () => this.requestUpdate());

  get topics() {
    return ["stats", "state"];
  }

  refresh(changed) {
    for (const report of [this.#status, this.#plugins]) {
      report.ask({});
      if (changed.has("stats")) report.stale();
    }
  }

  render() {
    const { value: status, error } = this.#status;
    if (!status) return html`<div class="message" role=${error ? "alert" : nothing}><p>${error ? error.message : "Loading…"}</p></div>`;
    return html`<div class="scroller" tabindex="0" role="region" aria-label="Health"><div class="all">
      ${problems(status.problems)}
      <div class="columns">
        <div>${counters(status.counters)}${queues(status)}${latencies(status.latency)}</div>
        <div>${store(status.store)}${monitor(status)}</div>
      </div>
      ${plugins(this.#plugins.value?.plugins ?? [])}
    </div></div>`;
  }
}

function problems(found) {
  if (!found.length) return html`<p class="well" role="status">${statusShape("ok")} All is well.</p>`;
  return html`<ul class="problems" role="status">${found.map((text) => html`<li>${statusShape("error")}<span>${text}</span></li>`)}</ul>`;
}

function counters(told) {
  return section("Taken in", html`<table><tbody>${COUNTERS.map(({ id, label, what, worry }) => html`<tr>
    <th scope="row">${label}</th><td class="number ${worry && told[id] ? "bad" : ""}">${count(told[id] ?? 0)}</td><td class="quiet what">${what}</td>
  </tr>`)}</tbody></table>`);
}

function queues({ waiting, spool, consumer, index }) {
  const rows = [
    ["To be stored", waiting, "deliveries queued"],
    ["In the spool", spool, "deliveries left by hooks that nobody answered"],
    ["To be worked out", consumer.lag, "events that sessions, agents and costs lack"],
    ["To be indexed", index.lag, "events that the search by words lacks"],
  ];
  return section("Waiting", html`<table><tbody>${rows.map(([label, value, what]) => html`<tr>
    <th scope="row">${label}</th><td class="number">${count(value)}</td><td class="quiet what">${what}</td>
  </tr>`)}</tbody></table>`);
}

function latencies({ acknowledged, shown }) {
  const row = (label, told) => html`<tr><th scope="row">${label}</th>
    ${told.count ? html`<td class="number">${milliseconds(told.p50)}</td><td class="number">${milliseconds(told.p99)}</td>` : html`<td class="number quiet">–</td><td class="number quiet">–</td>`}</tr>`;
  return section("From arrival, lately", html`<table>
    <thead><tr><th scope="col">until</th><th scope="col" class="number">half within</th><th scope="col" class="number">99 of 100 within</th></tr></thead>
    <tbody>${row("stored and answered", acknowledged)}${row("sent to the pages", shown)}</tbody>
  </table>`);
}

function store({ path, bytes, events, disk_free: free, dead_letters: dead, set_aside: aside }) {
  return section("Store", facts([
    ["Events", count(events)],
    ["Size", size(bytes)],
    ["Left on the disk", size(free)],
    ["Dead letters", dead ? html`<span class="bad">${count(dead)}</span>` : "0"],
    ["File", html`<span class="mono">${path}</span>`],
    ...aside.map((note) => ["Set aside", note.told]),
  ]));
}

function monitor(status) {
  const { sessions, files } = status.following;
  return section("Monitor", facts([
    ["Version", `${status.version}, plugin API ${status.api_version}`],
    ["Up", html`<span title=${dateTime(status.started_at)}>for ${elapsed(status.uptime * 1e6)}</span>`],
    ["Address", status.url],
    ["Process", `${status.pid}${status.owner ? ", has the dashboard" : ""}`],
    ["Pages open", count(status.clients)],
    ["Follows", `${count(sessions)} sessions, ${count(files)} transcripts`],
  ]));
}

function plugins(rows) {
  return section("Plugins", html`<table>
    <thead><tr><th scope="col">name</th><th scope="col">state</th><th scope="col" class="number">failures</th><th scope="col" class="number">time spent</th>
      <th scope="col" class="number what" title=${MEMORY}>memory</th><th scope="col" class="number what" title=${STORED}>stored</th></tr></thead>
    <tbody>${rows.map((plugin) => html`<tr>
      <th scope="row">${plugin.name} <span class="quiet">${plugin.version}</span></th>
      <td class=${plugin.state === "failed" ? "bad" : ""}>${statusShape(SHAPES[plugin.state])} ${plugin.state}${plugin.error ? html` <span class="bad">${plugin.error}</span>` : nothing}</td>
      <td class="number ${plugin.failures ? "bad" : ""}">${count(plugin.failures)}</td>
      <td class="number">${milliseconds(plugin.seconds * 1000)}</td>
      <td class="number what" title="${count(plugin.memory.objects)} objects">${taken(plugin.memory)}</td>
      <td class="number what" title="${count(plugin.stored.documents)} documents">${taken(plugin.stored)}</td>
    </tr>`)}</tbody>
  </table>`);
}

/** Bytes, and whether there are more: counting them ends when it takes too long. */
function taken({ bytes, complete }) {
  return complete ? size(bytes) : `≥ ${size(bytes)}`;
}

function facts(rows) {
  return html`<table><tbody>${rows.map(([label, value]) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`)}</tbody></table>`;
}

function section(title, content) {
  return html`<section aria-label=${title}><h2>${title}</h2>${content}</section>`;
}

function milliseconds(value) {
  return `${value.toLocaleString(undefined, { maximumFractionDigits: value < 10 ? 1 : 0 })} ms`;
}
