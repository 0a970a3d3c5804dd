// The readable form of a tool call, an agent, a turn, a session or a file: its document, and what lies behind it.
import { html, nothing } from "lit";
import { agentName } from "../core/agents.js";
import { callTold } from "../core/call-told.js";
import { count, dateTime, duration, time } from "../core/format.js";
import { statusOf } from "../core/event-status.js";
import { statusMark } from "../ui/status.js";
import { code, facts, prose, section } from "./blocks.js";
import { toolView } from "./tools.js";

/** @param {any} call @param {any[]} events its events with payloads, oldest first @param {import("../core/store.js").Store} store */
export function toolCallBody(call, events, store) {
  const told = callTold(events.filter((event) => event.payload !== undefined), call.tool_use_id);
  return html`
    ${told ? toolView({ ...told, name: told.name || call.tool_name }) : facts([["Detail", call.detail], ["Error", call.error]])}
    ${call.child_agent_id ? opens("What the agent did", { type: "agent", key: `${call.session_id}/${call.child_agent_id}` }, store) : nothing}
    ${section("Call", facts([
      ["Started", dateTime(call.started_at)], ["Ended", dateTime(call.ended_at)], ["Time", duration(call.duration_us)],
      ["Agent", agentName(store, call.session_id, call.agent_id)], ["Tool call id", call.tool_use_id],
    ]))}
  `;
}

/** @param {any} agent */
export function agentBody(agent) {
  return html`
    ${facts([
      ["Type", agent.agent_type], ["Task", agent.description], ["Started", dateTime(agent.started_at)], ["Ended", dateTime(agent.ended_at)],
      ["Time", duration(agent.duration_us)], ["Tool calls", count(agent.tool_calls)], ["Errors", count(agent.errors)],
      ["Runs", agent.background ? "in the background" : ""], ["Agent id", agent.agent_id], ["Session", agent.session_id],
    ])}
    ${agent.answer ? section("Last answer", prose(agent.answer)) : nothing}
  `;
}

/** @param {any} turn @param {import("../core/store.js").Store} store */
export function turnBody(turn, store) {
  return html`
    ${turn.prompt ? section("Prompt", prose(turn.prompt)) : nothing}
    ${turn.answer ? section("Answer", prose(turn.answer)) : nothing}
    ${facts([
      ["Started", dateTime(turn.started_at)], ["Ended", dateTime(turn.ended_at)],
      ["Time", turn.ended_at && turn.started_at ? duration(turn.ended_at - turn.started_at) : ""],
      ["Tool calls", count(turn.tool_calls)], ["Errors", count(turn.errors)], ["Prompt id", turn.prompt_id],
    ])}
    ${opens("Session", { type: "session", key: turn.session_id }, store)}
  `;
}

/** @param {any} session @param {import("../core/store.js").Store} store */
export function sessionBody(session, store) {
  const show = () => store.update({ session: session.session_id, tab: "events" });
  return html`
    ${session.title ? section("Title", prose(session.title)) : nothing}
    ${facts([
      ["Project", session.project], ["Directory", session.cwd], ["Branch", session.branch], ["Model", session.model],
      ["Permissions", session.permission_mode], ["Started", dateTime(session.started_at)], ["Last event", dateTime(session.last_at)],
      ["Ended", session.ended_at ? dateTime(session.ended_at) : ""], ["Because", session.end_reason],
      ["Events", count(session.events)], ["Turns", count(session.turns)], ["Agents", count(session.agents)],
      ["Tool calls", count(session.tool_calls)], ["Errors", count(session.errors)], ["Denied", count(session.denied)], ["Files", count(session.files)],
      ["Claude Code", session.cli_version], ["Session id", session.session_id], ["Transcript", session.transcript_path],
    ])}
    <p><button class="button" @click=${show}>Show its events</button></p>
  `;
}

/** @param {string} label @param {import("../core/route.js").Selection} selection @param {import("../core/store.js").Store} store */
function opens(label, selection, store) {
  return html`<p><button class="link" @click=${() => store.select(selection)}>${label}</button></p>`;
}

/** @param {any} file @param {any[]} calls what was done to it, the latest first @param {import("../core/store.js").Store} store */
export function fileBody(file, calls, store) {
  const agents = (file.agents ?? []).map((/** @type {string} */ agent) => agentName(store, file.session_id, agent));
  return html`
    ${section("Path", code(file.path))}
    ${facts([
      ["Reads", count(file.reads)], ["Writes", count(file.writes)], ["Edits", count(file.edits)],
      ["Lines", file.added || file.removed ? `+${count(file.added)} −${count(file.removed)}` : ""],
      ["Last", `${file.last_operation}, ${dateTime(file.last_at)}`], ["By", agents.join(", ")],
    ])}
    ${calls.length ? section("History", html`<ul class="links">${calls.map((call) => change(call, store))}</ul>`, count(calls.length)) : nothing}
  `;
}

/** One thing done to a file; what it changed is with the call. */
function change(call, store) {
  const { operation = "", added = 0, removed = 0 } = call.file ?? {};
  return html`<li><span class="at">${dateTime(call.started_at)}</span>
    <button class="link" @click=${() => store.select({ type: "tool_call", key: `${call.session_id}/${call.tool_use_id}` })}>${operation || call.tool_name}</button>
    <span class="quiet">${agentName(store, call.session_id, call.agent_id)}</span>
    ${added || removed ? html`<span class="added">+${count(added)}</span><span class="removed">−${count(removed)}</span>` : nothing}${statusMark(call.status)}</li>`;
}

/** Links to events. @param {any[]} events heads @param {(head: any) => void} open @param {import("../core/store.js").Store} store */
export function eventLinks(events, open, store, more = false) {
  if (events.length === 0) return nothing;
  return section("Events", html`<ul class="links">${events.map((event) => html`<li><span class="at">${time(event.at)}</span>
    <button class="link" @click=${() => open(event)}>${event.kind}${event.tool_name ? ` ${event.tool_name}` : ""}</button>${statusMark(statusOf(store, event).status)}</li>`)}</ul>
    ${more ? html`<p class="rest">older ones are in the list</p>` : nothing}`, count(events.length));
}
