// Tab "Failures": for every tool, how many of its calls failed and what the last one said.
import { Widget, css, format, html } from "@mpm-monitor/sdk";

const FAILED = ["error", "denied", "interrupted"];

export default class FailureBoard extends Widget {
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
    return [...byTool].sort(([, a], [, b]) => b.length - a.length);
  }

  render() {
    const tools = this.#tools;
    if (!tools.length) return html`<p class="empty">No tool call has failed.</p>`;
    return tools.map(([tool, calls]) => html`<section>
      <h3>${tool}: ${format.count(calls.length)}</h3>
      ${calls.map((call) => html`<button @click=${() => this.#select(call)}>
        ${format.moment(call.ended_at)} ${call.status} ${call.detail} ${call.error ?? ""}
      </button>`)}
    </section>`);
  }

  #select(call) {
    this.monitor.store.select({ type: "tool_call", key: `${call.session_id}/${call.tool_use_id}` });
  }
}
