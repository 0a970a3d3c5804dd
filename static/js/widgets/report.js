// A plugin's report as a widget: asked for anew as its topics change, drawn from what it declares.
import { Widget, html, nothing } from "@mpm-monitor/sdk";
import { Loader } from "../core/loader.js";
import { drawSection } from "../report/sections.js";
import { reportStyles } from "../report/styles.js";

/** Least time between an answer and the next question, ms. */
const REST = 1500;

export default class ReportWidget extends Widget {
  static styles = [Widget.styles, reportStyles];

  #report = new Loader((query, signal) => this.monitor.api.get(`analysis/${encodeURIComponent(this.#name)}`, query, signal), () => this.#answered());
  #resting = 0;
  #dirty = false;

  get topics() {
    return [...this.config.topics, "state"];
  }

  get #name() {
    return this.config.id.replace(/^report\./, "");
  }

  refresh(changed) {
    const query = new URLSearchParams(Object.entries(this.monitor.store.scope).filter(([, value]) => value)).toString();
    const another = query !== this.#report.key;
    if (!another && changed.size === 1 && changed.has("state")) return; // something else on the page
    if (!another && (this.#report.loading || this.#resting)) this.#dirty = true;
    else this.#ask(query);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#resting);
    this.#resting = 0;
  }

  #ask(query) {
    this.#dirty = false;
    clearTimeout(this.#resting);
    this.#resting = 0;
    this.#report.want(query, { fresh: true });
  }

  /** A report that takes its time is let finish; the next question comes a while after the answer. */
  #answered() {
    this.requestUpdate();
    if (this.#report.loading || !this.isConnected) return;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      this.#resting = 0;
      if (this.#dirty && this.onScreen) this.#ask(this.#report.key);
    }, REST);
  }

  render() {
    const { value, error } = this.#report;
    return html`
      ${error ? html`<p class="bad">${error.message} <button class="link" @click=${() => this.#report.want(this.#report.key, { fresh: true })}>Try again</button></p>` : nothing}
      ${value ? value.sections.map((section) => drawSection(section, (selection) => this.monitor.store.select(selection))) : nothing}
      ${!value && !error ? html`<p class="quiet">Loading…</p>` : nothing}
      ${value && !value.sections.length ? html`<p class="quiet">The report has nothing to say.</p>` : nothing}`;
  }
}
