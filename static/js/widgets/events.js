// Tab "Events": every event of the session in log order, live at its end.
import { html, nothing } from "@mpm-monitor/sdk";
import { FAMILIES, OTHER, familiesIn, familyOfHead, isQuiet, kindName } from "../core/kinds.js";
import { duration, rowTime } from "../core/format.js";
import { statusOf } from "../core/event-status.js";
import { agentName } from "../core/agents.js";
import { projectName } from "../core/sessions.js";
import { icon } from "../ui/icons.js";
import { emptyMessage } from "../ui/messages.js";
import { statusMark } from "../ui/status.js";
import { WindowRows } from "../ui/window-rows.js";
import { EventFacets } from "./event-facets.js";
import { eventStyles } from "./events.styles.js";

export default class EventsWidget extends WindowRows {
  static styles = [WindowRows.styles, eventStyles];

  /** @type {EventFacets} */
  #facets;
  #removeKey = () => {};

  get topics() {
    return ["events", "state", "agent", "session", "tool_call", "reveal", "counts"];
  }

  connectedCallback() {
    this.#facets ??= new EventFacets(this.monitor, () => this.refresh(new Set()));
    const toggle = { id: "events.facets", title: "Show or hide facets", group: "Events", keys: ["f"], run: () => this.#facets.toggle(this.narrow), when: () => this.onScreen };
    this.#removeKey = this.monitor.commands.add(toggle);
    super.connectedCallback();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#removeKey();
  }

  get list() {
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
    const index = this.list.indexOf(seq);
    return this.items[index]?.seq === seq ? index : -1;
  }

  choose(head) {
    this.monitor.store.select({ type: "event", key: String(head.seq) });
  }

  refresh(changed) {
    if (changed.has("reveal")) this.revealSelected();
    if (this.#facets.isOpen(this.narrow)) this.#facets.follow(changed.has("counts"));
    this.showWindow();
  }

  resized(narrow) {
    this.rowHeight = narrow ? 46 : 26;
    this.classList.toggle("narrow", narrow);
    if (this.list.following) this.moveToEnd();
  }

  renderToolbar() {
    const { families } = this.monitor.store.state;
    return html`<div class="toolbar">
      <div class="chips families" role="group" aria-label="Kinds of events">
        ${[...FAMILIES, OTHER].map((family) => html`<button class="chip" aria-pressed=${families.includes(family.id)}
          @click=${() => this.#toggle(family.id)}>${icon(family.icon)}${family.label}</button>`)}
      </div>
      <span class="end">${this.#facets.button(this.narrow)}</span>
    </div>
    ${this.#facets.render(this.narrow)}`;
  }

  renderRow(head, index, { id, active, selected }) {
    const family = familyOfHead(head);
    const all = this.monitor.store.sessionId === "";
    const { status, micros } = statusOf(this.monitor.store, head);
    const fresh = this.#isFirstNew(head, index);
    return html`<div class="row ${all ? "wide" : ""} ${isQuiet(head.kind) ? "dim" : ""} ${fresh ? "first-new" : ""}" role="option" id=${id} data-index=${index} data-seq=${head.seq}
      ?data-active=${active} aria-selected=${selected} aria-setsize=${this.size} aria-posinset=${this.list.offset + index + 1}>
      <span class="at mono">${rowTime(head.at)}</span>
      <span class="kind" data-family=${family.id} title=${head.kind}>${icon(family.icon)}<span>${kindName(head.kind)}</span></span>
      <span class="agent quiet">${this.#who(head, all)}</span>
      <span class="summary">${fresh ? html`<b class="new">new since you looked</b> ` : nothing}${this.#summary(head)}</span>
      ${statusMark(status)}
      <span class="number quiet length">${micros === null ? nothing : duration(micros)}</span>
    </div>`;
  }

  renderEmpty() {
    const { query, families } = this.monitor.store.state;
    return emptyMessage(this.monitor.store, this.list, query || families.length ? "events match" : "");
  }

  /** The first of those that came while nobody looked. */
  #isFirstNew(head, index) {
    const { mark } = this.monitor.store.seen;
    return mark !== null && head.seq > mark && (this.items[index - 1]?.seq ?? Infinity) <= mark;
  }

  /** What it is about; of what a search found, the words where they stand. */
  #summary({ tool_name: tool, summary, snippet }) {
    if (snippet?.length) return html`${tool ? html`<span class="tool">${tool}</span> ` : nothing}${snippet.map((part, index) => (index % 2 ? html`<mark>${part}</mark>` : withoutTool(part, index ? "" : tool)))}`;
    return tool ? html`<span class="tool">${tool}</span> ${withoutTool(summary, tool)}` : summary;
  }

  #who(head, all) {
    const { store } = this.monitor;
    const agent = agentName(store, head.session_id, head.agent_id);
    if (!all) return agent;
    const session = store.lookup("session", head.session_id);
    return `${session ? projectName(session) : head.session_id.slice(0, 8)} · ${agent}`;
  }

  #toggle(id) {
    const { store } = this.monitor;
    const chosen = new Set(store.state.families);
    if (!chosen.delete(id)) chosen.add(id);
    store.update({ families: familiesIn(chosen) });
  }
}

/** A text that begins with the name of the tool repeats what is said beside it. */
function withoutTool(text, tool) {
  return tool && text.startsWith(tool) ? text.slice(tool.length).replace(/^[:\s]+/, "") : text;
}
