// Tab "Agents": who delegated what to whom, with state, time, tool calls and errors: a session's as a tree, those of all, and what a search finds, as a list.
import { css, html, nothing } from "@mpm-monitor/sdk";
import { agentTree, openRows } from "../core/agents.js";
import { count, duration } from "../core/format.js";
import { allTokens, amount, amountText, tokens } from "../core/money.js";
import { projectName } from "../core/sessions.js";
import { DocumentRows } from "../ui/document-rows.js";
import { icon } from "../ui/icons.js";
import { emptyMessage } from "../ui/messages.js";
import { statusMark } from "../ui/status.js";

const columns = css`
  .row { grid-template-columns: minmax(0, 1fr) 96px 84px 48px 48px 56px 72px; }
  .agent { display: flex; align-items: center; gap: var(--space-2); }
  .agent > span { overflow: hidden; text-overflow: ellipsis; }
  .type { flex: none; font-weight: var(--strong); }
  .twist { flex: none; display: inline-flex; width: 16px; height: 16px; padding: 1px; border: 0; background: none; color: var(--text-3); cursor: pointer; }
  .twist.open .icon { transform: rotate(90deg); }
  .indent { flex: none; align-self: stretch; width: 16px; border-left: 1px solid var(--line); margin-left: 7px; margin-right: -7px; }
  .tag { flex: none; padding: 0 var(--space-2); border: 1px solid var(--line-strong); border-radius: var(--radius-s); color: var(--text-3); font-size: var(--text-xs); line-height: 14px; }
  @container (max-width: 700px) {
    .row { grid-template-columns: minmax(0, 1fr) 92px 72px 44px 44px 64px; }
    .tokens { display: none; }
  }
  @container (max-width: 640px) {
    .tag { display: none; }
  }
  @container (max-width: 560px) {
    .row { grid-template-columns: minmax(0, 1fr) 88px 60px 60px; }
    .optional { display: none; }
  }
  @container (max-width: 440px) {
    .row { grid-template-columns: minmax(0, 1fr) 16px 64px 60px; }
    .row .word, .head .status-head { position: absolute; width: 1px; overflow: hidden; clip-path: inset(50%); }
  }
`;

export default class AgentsWidget extends DocumentRows {
  static styles = [DocumentRows.styles, columns];
  scrollerRole = "tree";

  #closed = new Set();
  #tree = [];

  get topics() {
    return ["agent", "state", "session", "usage"];
  }

  topic = "agent";

  refresh() {
    const { store } = this.monitor;
    const { query } = store.state;
    this.whole = store.sessionId !== "" && !query;
    if (!this.whole) return this.showList({ q: query || null });
    const table = store.documents("agent");
    table.rest();
    this.#tree = agentTree(table.all.map((document) => document.value));
    this.#show();
  }

  #show() {
    this.setRows(openRows(this.#tree, this.#closed), { stay: false });
  }

  renderHead() {
    return html`<div class="row head" aria-hidden="true">
      <span>Agent</span><span><span class="status-head">Status</span></span><span class="number">Time</span>
      <span class="number optional">Tools</span><span class="number optional">Errors</span>
      <span class="number optional tokens">Tokens</span><span class="number">Cost</span>
    </div>`;
  }

  renderRow(row, index, { id, active, selected }) {
    const { agent, depth, children, key } = this.whole ? row : { agent: row.value, depth: 0, children: 0, key: row.key };
    const open = !this.#closed.has(key);
    const usage = this.monitor.store.lookup("usage", `agent/${key}`);
    return html`<div class="row" role="treeitem" id=${id} data-index=${index} ?data-active=${active} aria-selected=${selected}
      aria-level=${depth + 1} aria-expanded=${children ? String(open) : nothing}>
      <span class="agent">
        ${Array.from({ length: depth }, () => html`<i class="indent"></i>`)}
        ${children
          ? html`<button class="twist ${open ? "open" : ""}" tabindex="-1" aria-label=${open ? "Close" : "Open"}
              @click=${(event) => this.#twist(event, key)}>${icon("chevron")}</button>`
          : html`<i class="twist"></i>`}
        <span class="type">${this.#name(agent)}</span>
        ${agent.background ? html`<span class="tag">background</span>` : nothing}
        <span class="quiet">${[agent.description, this.#where(agent)].filter(Boolean).join(" · ")}</span>
      </span>
      ${statusMark(agent.status)}
      <span class="number">${duration(agent.duration_us ?? this.#elapsed(agent))}</span>
      <span class="number optional">${count(agent.tool_calls)}</span>
      <span class="number optional ${agent.errors ? "bad" : "quiet"}">${count(agent.errors)}</span>
      <span class="number optional tokens" title=${usage?.calls ? count(allTokens(usage)) : nothing}>${usage?.calls ? tokens(allTokens(usage)) : "–"}</span>
      <span class="number" title=${amountText(usage)}>${amount(usage)}</span>
    </div>`;
  }

  renderEmpty() {
    const { store } = this.monitor;
    return emptyMessage(store, this.whole ? store.documents("agent") : this.list, store.state.query ? "agents match" : "", "No agent has started yet");
  }

  onKey(event, row) {
    if (!this.whole || !row || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return false;
    const close = event.key === "ArrowLeft";
    if (row.children && close !== this.#closed.has(row.key)) this.#toggle(row.key);
    else if (close) this.#toParent(row);
    return true;
  }

  #toParent(row) {
    const index = this.items.indexOf(row);
    const parent = this.items.slice(0, index).findLast((above) => above.depth < row.depth);
    if (parent) this.point(parent);
  }

  #twist(event, key) {
    event.preventDefault();
    this.#toggle(key);
  }

  #toggle(key) {
    if (!this.#closed.delete(key)) this.#closed.add(key);
    this.#show();
  }

  #name(agent) {
    if (agent.agent_id) return agent.agent_type || "agent";
    return agent.agent_type && agent.agent_type !== "main" ? `main (${agent.agent_type})` : "main";
  }

  /** Of which session it is, where those of all are shown. */
  #where(agent) {
    if (this.monitor.store.sessionId) return "";
    const session = this.monitor.store.lookup("session", agent.session_id);
    return session ? `${projectName(session)} · ${session.title || agent.session_id.slice(0, 8)}` : agent.session_id.slice(0, 8);
  }

  #elapsed(agent) {
    return agent.status === "running" && agent.started_at ? Math.max(0, Date.now() * 1000 - agent.started_at) : null;
  }
}
