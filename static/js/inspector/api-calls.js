// The API calls a cost rests on, the newest first, each with links to the events that tell of it.
import { LitElement, html, nothing } from "lit";
import { count, dateTime, duration, moment } from "../core/format.js";
import { dollars, tokens, usd } from "../core/money.js";
import { section } from "./blocks.js";

const PAGE = 50;
/** Ids in one question: its address must stay short enough for any server. */
const IDS = 100;

class ApiCalls extends LitElement {
  static properties = { row: { attribute: false }, api: { attribute: false }, open: { attribute: false } };

  #calls = [];
  /** @type {Map<string, any>} heads by event id */
  #heads = new Map();
  #next = null;
  #failed = "";
  #asked = 0;

  constructor() {
    super();
    /** A row of costs with links. @type {any} */
    this.row = null;
    /** @type {import("../core/api.js").Api|null} */
    this.api = null;
    /** Opens an event. @type {(head: any) => void} */
    this.open = () => {};
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has("row") && this.row) this.#load(this.row.links["api-calls"], Math.max(1, Math.ceil(this.#calls.length / PAGE)), []);
  }

  render() {
    if (!this.#calls.length) return html`<p class=${this.#failed ? "stderr" : "quiet"}>${this.#failed || "Loading the API calls…"}</p>`;
    return section("API calls", html`
      <ul class="calls">${this.#calls.map((call) => this.#call(call))}</ul>
      ${this.#next ? html`<p class="rest"><button class="link" @click=${() => this.#load(this.#next, 1, this.#calls)}>Show more</button></p>` : nothing}
      ${this.#failed ? html`<p class="stderr">${this.#failed}</p>` : nothing}
    `, this.#next ? `newest ${count(this.#calls.length)} of ${count(this.row.calls)}` : count(this.#calls.length));
  }

  #call(call) {
    const { usage } = call;
    const prompt = tokens(call.prompt_tokens);
    return html`<li>
      <span><span class="at" title=${dateTime(call.at)}>${moment(call.at)}</span> ${"model" in this.row ? nothing : `${call.model || "no model named"} · `}${prompt} in · ${tokens(usage.output)} out</span>
      <span class="sum">${cost(call)}</span>
      <span class="behind">${told(call)}${call.confidence === "low" ? html`<span>estimate</span>` : nothing}${call.events.map((id) => this.#event(id))}</span>
    </li>`;
  }

  #event(id) {
    const head = this.#heads.get(id);
    if (!head) return nothing;
    return html`<button class="link" title=${head.kind} aria-label="Event ${head.seq}, ${head.kind}" @click=${() => this.open(head)}>#${head.seq}</button>`;
  }

  /** @param {string} query of the first page @param {number} pages @param {any[]} before calls shown above */
  async #load(query, pages, before) {
    const asked = ++this.#asked;
    let [calls, next] = [before, /** @type {string|null} */ (before.length ? query : `${query}&limit=${PAGE}`)];
    try {
      for (let page = 0; page < pages && next !== null; page += 1) {
        const answer = await this.api.get("api-calls", next);
        calls = [...calls, ...answer.api_calls];
        next = answer.next;
      }
      await this.#findEvents(calls);
    } catch (error) {
      if (asked === this.#asked) this.#failed = `The API calls could not be read: ${error.message}`;
      return this.requestUpdate();
    }
    if (asked !== this.#asked) return;
    [this.#calls, this.#next, this.#failed] = [calls, next, ""];
    this.requestUpdate();
  }

  async #findEvents(calls) {
    const unknown = calls.flatMap((call) => call.events).filter((id) => !this.#heads.has(id));
    for (let start = 0; start < unknown.length; start += IDS) {
      const { events } = await this.api.events({ event_id: unknown.slice(start, start + IDS).join(","), limit: IDS });
      for (const head of events) this.#heads.set(head.event_id, head);
    }
  }
}

/** What telemetry adds: how long it took, a further attempt, who asked if no transcript has the call. */
function told({ telemetry, recorded }) {
  if (!telemetry) return nothing;
  const { duration_us: taken, ttft_us: first, attempt, query_source: asker } = telemetry;
  return html`${taken === null ? nothing : html`<span title=${first === null ? nothing : `first token after ${duration(first)}`}>${duration(taken)}</span>`}
    ${attempt > 1 ? html`<span>attempt ${attempt}</span>` : nothing}
    ${recorded ? nothing : html`<span title="No transcript has this call">${asker || "from telemetry"}</span>`}`;
}

function cost(call) {
  if (!call.cost) return html`<span title=${call.unpriced}>unpriced</span>`;
  const amount = dollars(call.cost.total);
  return html`<span title="USD ${amount}, price of ${priceName(call.cost.price)}">${usd(amount)}</span>`;
}

function priceName({ model, source, above, modifiers }) {
  return [model, ...modifiers, ...(above >= 0 ? [`prompts above ${count(above)} tokens`] : []), source].join(", ");
}

customElements.define("monitor-api-calls", ApiCalls);
