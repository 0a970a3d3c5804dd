// Tab "Events": every event of the session in log order, live at its end.
import { html, nothing } from "@mpm-monitor/sdk";
import { FAMILIES, OTHER, familyOfHead, isQuiet } from "../core/kinds.js";
import { count, duration, rowTime } from "../core/format.js";
import { statusOf } from "../core/event-status.js";
import { agentName } from "../core/agents.js";
import { projectName } from "../core/sessions.js";
import { icon } from "../ui/icons.js";
import { emptyMessage } from "../ui/messages.js";
import { RowsElement } from "../ui/rows-element.js";
import { statusMark } from "../ui/status.js";
import { eventStyles } from "./events.styles.js";

/** Rows from either end at which the next page is asked for. */
const NEAR = 60;

export default class EventsWidget extends RowsElement {
  static styles = [RowsElement.styles, eventStyles];

  #epoch = -1;
  #shift = 0;
  #revealing = false;

  get topics() {
    return ["events", "state", "agent", "session", "tool_call", "reveal"];
  }

  get feed() {
    return this.monitor.store.events;
  }

  get selectedKey() {
    const { selection } = this.monitor.store.state;
    return selection?.type === "event" ? Number(selection.key) : null;
  }

  keyOf(head) {
    return head.seq;
  }

  /** @param {number|null} seq heads are in order, so no search through all of them */
  findIndex(seq) {
    if (seq === null) return -1;
    const index = this.feed.indexOf(seq);
    return this.items[index]?.seq === seq ? index : -1;
  }

  choose(head) {
    this.monitor.store.select({ type: "event", key: String(head.seq) });
  }

  refresh(changed) {
    this.items = this.feed.heads;
    this.#revealing ||= changed.has("reveal") && !this.feed.following;
    this.requestUpdate();
  }

  resized(narrow) {
    this.rowHeight = narrow ? 46 : 26;
    this.classList.toggle("narrow", narrow);
  }

  connectedCallback() {
    super.connectedCallback();
    // Wheel upwards is the reader leaving the end; waiting for the scroll event would lose to the next batch.
    this.addEventListener("wheel", (event) => (this.feed.following &&= event.deltaY >= 0), { passive: true });
  }

  /** Stepping to a row that is not on the last screen leaves the end; stepping onto the last row joins it. */
  point(head) {
    const fromEnd = this.items.length - 1 - this.items.indexOf(head);
    if (fromEnd === 0 || fromEnd >= this.rowsFit) this.feed.following = fromEnd === 0;
    super.point(head);
  }

  /** Near an end the next page is fetched; at the very end the list follows what is new. */
  atEdge({ above, below }) {
    const { feed } = this;
    if (feed.epoch !== this.#epoch) return; // a place in a list that is no longer there
    feed.following = below === 0 && !this.#revealing;
    if (above < NEAR) feed.older();
    if (below < NEAR && !feed.atTail) feed.newer();
  }

  willUpdate() {
    const { feed } = this;
    if (!this.onScreen) return;
    const replaced = feed.epoch !== this.#epoch;
    const shifted = replaced ? 0 : feed.shift - this.#shift;
    [this.#epoch, this.#shift] = [feed.epoch, feed.shift];
    if (feed.following) this.moveToEnd();
    else if (this.#revealing || replaced) this.#moveToSelected();
    else if (shifted) this.moveBy(shifted);
  }

  #moveToSelected() {
    const index = this.findIndex(this.selectedKey);
    if (index >= 0) this.moveToRow(index, { centre: true });
    this.#revealing = index < 0 && this.feed.loading;
  }

  renderToolbar() {
    const { families } = this.monitor.store.state;
    return html`<div class="toolbar">
      <div class="chips families" role="group" aria-label="Kinds of events">
        ${[...FAMILIES, OTHER].map((family) => html`<button class="chip" aria-pressed=${families.includes(family.id)}
          @click=${() => this.#toggle(family.id)}>${icon(family.icon)}${family.label}</button>`)}
      </div>
    </div>`;
  }

  renderRow(head, index, { id, active, selected }) {
    const family = familyOfHead(head);
    const all = this.monitor.store.sessionId === "";
    const { status, micros } = statusOf(this.monitor.store, head);
    return html`<div class="row ${all ? "wide" : ""} ${isQuiet(head.kind) ? "dim" : ""}" role="option" id=${id} data-index=${index} data-seq=${head.seq}
      ?data-active=${active} aria-selected=${selected} aria-setsize="-1" aria-posinset=${index + 1}>
      <span class="at mono">${rowTime(head.at)}</span>
      <span class="kind" data-family=${family.id}>${icon(family.icon)}<span>${head.kind}</span></span>
      <span class="agent quiet">${this.#who(head, all)}</span>
      <span class="summary">${this.#summary(head)}</span>
      ${statusMark(status)}
      <span class="number quiet length">${micros === null ? nothing : duration(micros)}</span>
    </div>`;
  }

  renderEmpty() {
    return emptyMessage(this.monitor.store, this.feed, this.feed.filter.query || this.feed.filter.kinds ? "events match" : "");
  }

  renderOverlay() {
    const { feed } = this;
    if (feed.atTail || feed.loading || feed.error || (feed.following && !feed.paused)) return nothing;
    const label = feed.pending && !feed.filter.query ? `${count(feed.pending)} new` : "Newest";
    return html`<button class="button more" @click=${this.#toTail}>${icon("down")}${label}</button>`;
  }

  #summary(head) {
    const { tool_name: tool, summary } = head;
    if (!tool) return summary;
    const rest = summary.startsWith(tool) ? summary.slice(tool.length).replace(/^[:\s]+/, "") : summary;
    return html`<span class="tool">${tool}</span> ${rest}`;
  }

  #who(head, all) {
    const { store } = this.monitor;
    const agent = agentName(store, head.session_id, head.agent_id);
    if (!all) return agent;
    const session = store.documents("session").get(head.session_id)?.value;
    return `${session ? projectName(session) : head.session_id.slice(0, 8)} · ${agent}`;
  }

  #toggle(id) {
    const { store } = this.monitor;
    const chosen = new Set(store.state.families);
    if (!chosen.delete(id)) chosen.add(id);
    store.update({ families: Object.freeze([...chosen]) });
  }

  #toTail = () => {
    const { store } = this.monitor;
    if (store.state.paused) {
      this.feed.following = true;
      store.update({ paused: false });
    } else {
      this.feed.toTail();
    }
  };
}
