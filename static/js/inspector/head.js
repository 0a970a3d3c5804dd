// The inspector's head: what this is, when and by whom, and what can be done with it.
import { html, nothing } from "lit";
import { agentName } from "../core/agents.js";
import { BREAKDOWNS, rowName } from "../core/costs.js";
import { statusOf } from "../core/event-status.js";
import { baseName, dateTime, duration, plural, time } from "../core/format.js";
import { familyOfHead } from "../core/kinds.js";
import { amountText } from "../core/money.js";
import { sessionName } from "../core/sessions.js";
import { icon } from "../ui/icons.js";
import { sessionStatus, statusMark } from "../ui/status.js";

/** @param {any} value the inspector's subject @param {import("../core/store.js").Store} store */
export function title(value, store) {
  if (value.type === "cost") return costTitle(value, store);
  return value.type === "event" ? eventTitle(value.event, store) : documentTitle(value, store);
}

function costTitle({ by, document }, store) {
  const { name, more } = rowName(document);
  return html`
    <div class="title">${back()}${icon("coins")}<h2 title=${name}>${name}<small>cost of the ${BREAKDOWNS[by].noun}</small></h2>${close()}</div>
    <div class="meta"><span>${amountText(document)}</span><span>${plural(document.calls, "API call")}</span>${more ? html`<span>${more}</span>` : nothing}</div>
  `;
}

function eventTitle(event, store) {
  return html`
    <div class="title">${back()}${icon(familyOfHead(event).icon)}
      <h2>${event.tool_name || event.kind}<small>${event.tool_name ? event.kind : nothing}</small></h2>
      ${statusMark(statusOf(store, event).status)}${close()}
    </div>
    <div class="meta">
      <span title=${dateTime(event.at)}>${time(event.at)}</span><span class="seq">#${event.seq}</span>
      <span>${agentName(store, event.session_id, event.agent_id)}</span>
      ${event.project ? html`<span>${baseName(event.project)}</span>` : nothing}<span>${event.source}</span>
    </div>
  `;
}

function documentTitle({ type, document }, store) {
  const heading = {
    tool_call: () => [icon("tool"), document.tool_name, "tool call"],
    agent: () => [icon("agent"), document.agent_type || "main", "agent"],
    turn: () => [icon("prompt"), firstLine(document.prompt) || "Before the first prompt", "turn"],
    session: () => [icon("session"), sessionName(document), "session"],
    file: () => [icon("file"), baseName(document.path), "file"],
  }[type]();
  return html`
    <div class="title">${back()}${heading[0]}<h2 title=${heading[1]}>${heading[1]}<small>${heading[2]}</small></h2>${statusMark(type === "session" ? sessionStatus(document.status) : document.status)}${close()}</div>
    <div class="meta"><span>${time(document.started_at ?? document.last_at)}</span>${document.duration_us ? html`<span>${duration(document.duration_us)}</span>` : nothing}
      <span>${type === "tool_call" ? agentName(store, document.session_id, document.agent_id) : nothing}</span></div>
  `;
}

/** @param {unknown} text */
function firstLine(text) {
  return String(text ?? "").trim().split("\n", 1)[0];
}

/** @param {any} value @param {any} inspector */
export function actions(value, inspector) {
  const { json, copied, store } = inspector;
  return html`<div class="actions">
    <button class="button" aria-pressed=${json} @click=${() => inspector.toggleJson()}>${icon("braces")}JSON</button>
    <button class="button" @click=${() => inspector.copy()}>${icon("copy")}<span aria-live="polite">${copied ? "Copied" : "Copy"}</span></button>
    ${value.type === "event" ? html`<button class="button" @click=${() => store.reveal(value.event)}>${icon("list")}Show in list</button>` : nothing}
    <span class="gap"></span>
    ${value.type === "event" && value.events.length > 1 ? steps(value, inspector) : nothing}
  </div>`;
}

function steps({ event, events }, inspector) {
  const index = events.findIndex((head) => head.seq === event.seq);
  const step = (by, label, shape) => html`<button class="button square" aria-label=${label} title=${label} ?disabled=${!inspector.canStep(by)}
    @click=${() => inspector.step(by)}>${icon(shape)}</button>`;
  return html`<span class="group"><span><span class="words">this call </span>${index + 1}/${events.length}</span>
    ${step(-1, "Previous event of this tool call", "left")}${step(1, "Next event of this tool call", "chevron")}</span>`;
}

function back() {
  return html`<button class="button plain square back" aria-label="Back to the list" @click=${leave}>${icon("left")}</button>`;
}

function close() {
  return html`<button class="button plain square" aria-label="Close" title="Close (Esc)" @click=${leave}>${icon("close")}</button>`;
}

/** The button is gone with what is shown: the page has the focus go on elsewhere. @param {Event} event */
export function leave({ target }) {
  target?.dispatchEvent(new CustomEvent("close-inspector", { bubbles: true, composed: true }));
}
