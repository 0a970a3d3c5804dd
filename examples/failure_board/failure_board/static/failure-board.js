// Tab "Failures": for every tool, which of its calls failed and what they said; on demand, of how many.
import { Widget, css, format, html } from "@mpm-monitor/sdk";

const FAILED = ["error", "denied", "interrupted"];

export default class FailureBoard extends Widget {
  #totals = {};
  #counted = "";
  #problem = "";

  static styles = [
    ...[Widget.styles].flat(),
    css`
      :host { display: block; overflow: auto; padding: var(--space-4); }
      section { margin-bottom: var(--space-5); }
      h3 { margin: 0 0 var(--space-2); font-size: var(--text-m); font-weight: var(--strong); }
      button { display: block; width: 100%; padding: var(--space-2); border: 0; border-radius: var(--radius-s);
        background: none; color: var(--text-2); font: inherit; font-size: var(--text-s); text-align: left; cursor: pointer; }
      button:hover { background: var(--bg-hover); color: var(--text); }
      .empty { color: var(--text-3); text-align: center; }
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
      ${calls.map((call) => html`<button @click=${() => this.#select(call)}>
        ${format.moment(call.ended_at)} ${call.status} ${call.detail} ${call.error ?? ""}
      </button>`)}
    </section>`)];
  }

  #counting() {
    return html`<button @click=${this.#count}>Count over all that is stored</button>${this.#problem}`;
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

  #select(call) {
    this.monitor.store.select({ type: "tool_call", key: `${call.session_id}/${call.tool_use_id}` });
  }
}
