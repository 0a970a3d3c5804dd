// Tab "Failures": for every tool, which of its calls failed and what they said; on demand, of how many.
import { Widget, css, format, html, statusMark } from "@mpm-monitor/sdk";

const FAILED = ["error", "denied", "interrupted"];

export default class FailureBoard extends Widget {
  #totals = {};
  #counted = "";
  #problem = "";

  static styles = [
    ...[Widget.styles].flat(),
    css`
      :host { display: block; overflow: auto; padding: var(--space-4); container-type: inline-size; }
      section { margin-bottom: var(--space-5); }
      h3 { margin: 0 0 var(--space-2); font-size: var(--text-m); font-weight: var(--strong); }
      .count { display: flex; align-items: center; gap: var(--space-3); margin: 0 0 var(--space-5); color: var(--error); }
      .call { display: grid; grid-template-columns: 92px 92px minmax(0, 2fr) minmax(0, 3fr); gap: 0 var(--space-4); align-items: center;
        width: 100%; min-height: var(--row); padding: 0 var(--space-2); border: 0; border-bottom: 1px solid var(--line);
        background: none; color: var(--text-2); font: inherit; font-size: var(--text-s); text-align: left; white-space: nowrap; cursor: pointer; }
      .call:hover { background: var(--bg-hover); }
      .call[aria-pressed="true"] { background: var(--bg-selected); }
      .call:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; }
      .call > * { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
      .what { color: var(--text); font-family: var(--mono); font-size: var(--text-xs); }
      .empty { color: var(--text-2); text-align: center; }
      @container (max-width: 620px) {
        .call { grid-template-columns: 92px minmax(0, 1fr); padding-block: var(--space-2); line-height: var(--line-text); }
        .call :is(.what, .why) { grid-column: 1 / -1; }
      }
    `,
  ];

  /** Failed calls by tool, those with the most failures first. */
  get #tools() {
    const documents = this.monitor.store.documents("tool_call");
    documents.rest(); // older ones, too
    const byTool = new Map();
    for (const { value: call } of documents.all) {
      if (!FAILED.includes(call.status)) continue;
      byTool.set(call.tool_name, [...(byTool.get(call.tool_name) ?? []), call]);
    }
    for (const calls of byTool.values()) calls.sort((a, b) => (b.ended_at ?? 0) - (a.ended_at ?? 0));
    return [...byTool].sort(([, a], [, b]) => b.length - a.length);
  }

  render() {
    const tools = this.#tools;
    if (!tools.length) return [this.#counting(), html`<p class="empty">No tool call that the page holds has failed.</p>`];
    return [this.#counting(), ...tools.map(([tool, calls]) => html`<section>
      <h3>${tool}: ${format.count(calls.length)}${this.#among(tool)}</h3>
      ${calls.map((call) => this.#row(call))}
    </section>`)];
  }

  #row(call) {
    const { selection } = this.monitor.store.state;
    const key = `${call.session_id}/${call.tool_use_id}`;
    const selected = selection?.type === "tool_call" && selection.key === key;
    return html`<button class="call" aria-pressed=${selected} @click=${() => this.monitor.store.select({ type: "tool_call", key })}>
      <span>${format.moment(call.ended_at)}</span>${statusMark(call.status)}
      <span class="what">${call.detail}</span><span class="why">${call.error ?? ""}</span>
    </button>`;
  }

  #counting() {
    return html`<p class="count"><button class="button" @click=${this.#count}>Count over all that is stored</button>${this.#problem}</p>`;
  }

  #among(tool) {
    const total = this.#counted === this.monitor.store.sessionId ? this.#totals[tool] : null;
    return total ? ` (stored: ${format.count(total.failed)} of ${format.count(total.calls)} calls)` : "";
  }

  /** The page holds the newest calls only: the plugin counts all of them. */
  #count = async () => {
    const session = this.monitor.store.sessionId;
    try {
      this.#totals = await this.monitor.ask("failure_board", "totals", session);
      this.#counted = session;
      this.#problem = "";
    } catch (error) {
      this.#problem = error.message;
    }
    this.requestUpdate();
  };
}
