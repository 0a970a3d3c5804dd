// The footer: which session this is, where it works and how long it has been running.
import { html, nothing } from "lit";
import { elapsed, plural } from "../core/format.js";
import { amountText } from "../core/money.js";
import { isLive, projectName, sessionName } from "../core/sessions.js";
import { LightElement } from "./light-element.js";

class Footer extends LightElement {
  topics = ["state", "session", "stats", "usage", "totals"];
  #tick = setInterval(() => document.hidden || this.requestUpdate(), 1000);

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  updated() {
    const { session } = this.store;
    document.title = session ? `${projectName(session)} · MPM Monitor` : "MPM Monitor";
  }

  render() {
    return html`${this.store.session ? this.#session(this.store.session) : this.#all()}${this.#health()}`;
  }

  #session(session) {
    return html`<dl>
      ${item("Session", sessionName(session), "long")}
      ${item("Directory", session.cwd || session.project, "long optional")}
      ${item("Branch", session.branch, "optional")}
      ${item("Model", session.model, "optional")}
      ${item("Permissions", session.permission_mode, "optional")}
      ${item("Cost", this.#cost(session))}
      ${item(isLive(session) ? "Running" : "Ran", this.#length(session))}
    </dl>`;
  }

  #all() {
    return html`<span>${plural(this.store.totals?.sessions ?? 0, "session")}</span>`;
  }

  #cost(session) {
    const sums = this.store.lookup("usage", `session/${session.session_id}`);
    return sums?.calls ? amountText(sums) : "";
  }

  #length(session) {
    if (session.started_at === null || session.started_at === undefined) return "";
    const end = isLive(session) ? Date.now() * 1000 : (session.ended_at ?? session.last_at);
    return elapsed(end - session.started_at);
  }

  /** Anything the monitor could not keep is said here, never hidden. */
  #health() {
    const counters = this.store.stats?.counters ?? this.store.stats;
    const lost = (counters?.rejected ?? 0) + (counters?.dropped ?? 0);
    return lost ? html`<span class="end">${lost} not understood, kept as received</span>` : nothing;
  }
}

function item(label, value, name = "") {
  return value ? html`<div class=${name}><dt>${label}</dt><dd title=${value}>${value}</dd></div>` : nothing;
}

customElements.define("monitor-footer", Footer);
