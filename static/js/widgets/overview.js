// Tab "Overview": who needs a person, what is at work, what went wrong and what it cost, over all sessions.
import { Widget, html, nothing } from "@mpm-monitor/sdk";
import { Answer } from "../core/answer.js";
import { CLOCK } from "../core/costs.js";
import { ago, count, dateTime, elapsed } from "../core/format.js";
import { lastDays, parted, placeOf, stateOf } from "../core/overview.js";
import { formatRoute } from "../core/route.js";
import { projectName, sessionName } from "../core/sessions.js";
import { statusShape } from "../ui/status.js";
import { spending } from "./overview-spending.js";
import { overviewStyles } from "./overview.styles.js";

/** Times count on while nothing is heard. */
const TICK = 1000;

export default class OverviewWidget extends Widget {
  static styles = [Widget.styles, overviewStyles];

  #now = new Answer((query) => this.monitor.api.get("overview", query), () => this.requestUpdate());
  #days = this.#costs();
  #projects = this.#costs();
  #ticking = 0;

  get topics() {
    return ["session", "agent", "tool_call", "alert", "api_error", "usage", "state"];
  }

  connectedCallback() {
    super.connectedCallback();
    this.#ticking = setInterval(() => this.onScreen && this.requestUpdate(), TICK);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  refresh(changed) {
    const project = this.monitor.store.state.project || null;
    const days = lastDays(Date.now());
    this.#now.ask({ project });
    this.#days.ask({ by: "day", project, from: days[0], to: days.at(-1), tz: CLOCK });
    this.#projects.ask({ by: "project", project, from: days.at(-1), to: days.at(-1), tz: CLOCK });
    if (["session", "agent", "tool_call", "alert", "api_error"].some((topic) => changed.has(topic))) this.#now.stale();
    if (changed.has("usage")) for (const report of [this.#days, this.#projects]) report.stale();
    this.requestUpdate();
  }

  render() {
    const { value, error } = this.#now;
    if (!value) return html`<div class="message" role=${error ? "alert" : nothing}><p>${error ? error.message : "Loading…"}</p></div>`;
    const { calling, others } = parted(value.sessions);
    return html`<div class="columns">
      <div>
        ${section("needs", "Who needs you", calling.length, this.#sessions(calling, "Nobody needs you."))}
        ${section("work", "At work now", value.work.length, this.#work(value.work, value.sessions))}
        ${section("others", "Latest other sessions", others.length, this.#sessions(others, "There is none."))}
      </div>
      <div>
        ${spending(this.#days.value, this.#projects.value, lastDays(Date.now()))}
        ${section("errors", "Errors, last 24 hours", value.errors.length, this.#errors(value.errors))}
      </div>
    </div>`;
  }

  #sessions(rows, none) {
    if (!rows.length) return html`<p class="none">${none}</p>`;
    return html`<ul>${rows.map((row) => {
      const { word, shape } = stateOf(row.state);
      return html`<li><a class="line" data-state=${row.state} href=${this.#address(row, placeOf(row))}>
        <span class="state">${statusShape(shape)}${word}</span>
        <span class="what"><b>${sessionName(row)}</b> <span class="quiet">${projectName(row)}</span></span>
        <span class="detail quiet">${row.detail}</span>
        <span class="since" title=${dateTime(row.since)}>${stateOf(row.state).calls ? since(row.since) : ago(row.since)}</span>
      </a></li>`;
    })}</ul>`;
  }

  #work(rows, sessions) {
    if (!rows.length) return html`<p class="none">No agent is at work.</p>`;
    const named = new Map(sessions.map((row) => [row.session_id, row]));
    return html`<ul>${rows.map((row) => {
      const call = row.calls[0];
      const key = call ? { type: "tool_call", key: `${row.session_id}/${call.tool_use_id}` } : { type: "agent", key: `${row.session_id}/${row.agent_id}` };
      const session = named.get(row.session_id);
      return html`<li><a class="line" data-state="running" href=${this.#address(row, key)}>
        <span class="state">${statusShape("running")}${row.agent_id ? row.agent_type || "agent" : "main"}</span>
        <span class="what">${call ? html`<b>${call.tool_name}</b> <span class="mono">${call.detail}</span>` : html`<span class="quiet">thinks</span>`}${row.calls.length > 1 ? html` <span class="quiet">and ${count(row.calls.length - 1)} more</span>` : nothing}</span>
        <span class="detail quiet">${session ? sessionName(session) : ""}</span>
        <span class="since">${since(call?.started_at ?? row.started_at)}</span>
      </a></li>`;
    })}</ul>`;
  }

  #errors(rows) {
    if (!rows.length) return html`<p class="none">None.</p>`;
    return html`<ul>${rows.map((row) => html`<li><a class="line" data-state="error" href=${this.#address(row, row.topic === "tool_call" ? { type: "tool_call", key: row.key } : { type: "session", key: row.session_id })}>
      <span class="state">${statusShape("error")}${row.what}</span>
      <span class="what">${row.error || "nobody said why"}</span>
      <span class="detail quiet">${row.title}</span>
      <span class="since" title=${dateTime(row.at)}>${ago(row.at)}</span>
    </a></li>`)}</ul>`;
  }

  /** Where the reader gets to: the session's events, with what is meant selected. */
  #address({ session_id: session }, selection) {
    return formatRoute({ ...this.monitor.store.state, tab: "events", session, query: "", families: [], selection });
  }

  #costs() {
    return new Answer((query) => this.monitor.api.get("costs", query), () => this.requestUpdate());
  }
}

function section(id, title, size, content) {
  return html`<section aria-labelledby=${id}><h2 id=${id}>${title} <span class="quiet">${count(size)}</span></h2>${content}</section>`;
}

function nowMicros() {
  return Date.now() * 1000;
}

function since(at) {
  return at ? `for ${elapsed(nowMicros() - at)}` : "";
}
