// Tab "Timeline": what went on when, as lanes on an axis of time that zooms and pans.
import { Widget, html, nothing } from "@mpm-monitor/sdk";
import { dateTime, duration, plural } from "../core/format.js";
import { preference, setPreference } from "../core/preferences.js";
import { hint, message, toolbar } from "../timeline/around.js";
import { listenToGestures } from "../timeline/gestures.js";
import { addKeys } from "../timeline/keys.js";
import { AXIS_HEIGHT, ROW_HEIGHT, rowTop, spotAt, spotsIn, stepFrom } from "../timeline/layout.js";
import { Screen } from "../timeline/screen.js";
import { indexOf, spotList } from "../timeline/spot-list.js";
import { timelineStyles } from "../timeline/styles.js";
import { TimelineView } from "../timeline/view.js";
import { COUNT, END, KEY, ROW, START, TYPE, TimelineWindow } from "../timeline/window.js";

/** The address follows when nothing has moved for so long; a live timeline is read again so often. ms */
const SETTLED = 250;
const LIVE = 500;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const nowMicros = () => Date.now() * 1000;

export default class TimelineWidget extends Widget {
  static styles = [Widget.styles, timelineStyles];

  #view = new TimelineView();
  #window = new TimelineWindow((query) => this.monitor.api.get("timeline", query), () => this.#answered());
  /** @type {Screen} */
  #screen;
  #hover = null;
  #cursor = null;
  #spots = [];
  #critical = preference("timeline.path", "on") === "on";
  #settling = 0;
  #ticking = 0;
  #stale = 0;
  #scope = "";
  #removeKeys = () => {};
  #does = {
    zoom: (factor) => this.#zoom(factor), pan: (share) => this.#moved(() => this.#view.pan(share * this.#width)), scroll: (rows) => this.#screen.scrollBy(rows * ROW_HEIGHT),
    fit: () => this.#moved(() => this.#view.fit()), follow: () => this.#follow(), toSelection: () => this.#toSelection(), path: () => this.#togglePath(),
  };

  get topics() {
    return ["state", "turn", "agent", "tool_call", "session", "api_call"];
  }

  connectedCallback() {
    super.connectedCallback();
    this.#removeKeys = addKeys(this.monitor.commands, this.#does, () => this.onScreen && this.#hasKeys());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#removeKeys();
    this.#screen?.close();
    for (const timer of [this.#settling, this.#ticking, this.#stale]) clearTimeout(timer);
  }

  firstUpdated() {
    const canvas = this.renderRoot.querySelector("canvas");
    this.#screen = new Screen(canvas, () => this.#scene(), () => this.#want());
    listenToGestures(canvas, {
      zoom: (factor, x) => this.#zoom(factor, this.#timeAt(x)),
      pan: (x, y) => (this.#screen.scrollBy(-y), x && this.#moved(() => this.#view.pan(-x * this.#perPixel))),
      press: (x, y, double) => this.#press(this.#spotAt(x, y), double),
      hover: (x, y) => this.#point(y === null ? null : this.#spotAt(x, y), x, y),
    });
    this.#want();
  }

  focus() {
    this.renderRoot?.querySelector("canvas")?.focus();
  }

  refresh(changed) {
    const { store } = this.monitor;
    const scope = JSON.stringify(store.scope);
    if (changed.has("state") || changed.has("shown")) {
      if (scope !== this.#scope && this.#scope) this.#view = new TimelineView();
      this.#scope = scope;
      this.#view.read(store.state, nowMicros());
    }
    this.#want();
    if (["turn", "agent", "tool_call", "session", "api_call"].some((topic) => changed.has(topic))) this.#stale ||= setTimeout(() => ((this.#stale = 0), this.#window.stale()), LIVE);
    this.#screen?.draw();
    this.requestUpdate();
  }

  get #width() {
    return this.#view.range ? this.#view.range.to - this.#view.range.from : 1;
  }

  get #perPixel() {
    return this.#width / Math.max(1, this.#screen.width - this.#screen.left);
  }

  #want() {
    if (!this.#screen?.width || !this.monitor.store.settled) return;
    this.#window.want(this.monitor.store.scope, this.#view.range, this.#screen.width - this.#screen.left);
  }

  #answered() {
    const { answer } = this.#window;
    if (answer) this.#view.setExtent(answer.extent && { ...answer.extent }, nowMicros());
    this.#want();
    this.#spots = [];
    this.#screen.draw();
    this.requestUpdate();
    this.#tick();
  }

  #scene() {
    const { answer } = this.#window;
    if (!answer || !this.#view.range) return null;
    const { selection } = this.monitor.store.state;
    return {
      answer, range: this.#view.range, now: this.#now, live: this.#view.extent?.live, critical: this.#critical, selected: selection && `${selection.type}:${selection.key}`,
      hover: this.#hover, cursor: this.renderRoot.activeElement?.matches(".spans") ? this.#cursor : null,
    };
  }

  /** Nothing grows while the page is paused. */
  get #now() {
    const extent = this.#view.extent;
    return extent && (!extent.live || this.monitor.store.state.paused) ? extent.to : nowMicros();
  }

  /** What runs grows: a pixel at a time, or a second at a time for who wants little motion. */
  #tick() {
    clearTimeout(this.#ticking);
    const { extent, range } = this.#view;
    const { paused } = this.monitor.store.state;
    if (!extent?.live || !range || paused || !this.isConnected) return;
    const wait = still.matches ? 1000 : Math.min(1000, Math.max(33, this.#perPixel / 1000));
    this.#ticking = setTimeout(() => {
      const now = nowMicros();
      if (this.onScreen && !document.hidden && (this.#view.advance(now) || now < this.#view.range.to)) {
        this.#want();
        this.#screen.draw();
      }
      this.#tick();
    }, wait);
  }

  #moved(move) {
    move();
    this.#hover = null;
    this.#spots = [];
    this.#want();
    this.#screen.draw();
    this.#tick();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      if (this.onScreen) this.monitor.store.update(this.#view.address());
      this.requestUpdate();
    }, SETTLED);
  }

  #zoom(factor, at = null) {
    this.#moved(() => this.#view.zoom(factor, at, this.#now));
  }

  #follow() {
    if (this.monitor.store.state.paused) this.monitor.store.update({ paused: false });
    if (this.#view.extent?.live) this.#moved(() => (this.#view.following ? this.#view.pan(0) : this.#view.follow(nowMicros())));
  }

  #toSelection() {
    const { selection } = this.monitor.store.state;
    const spans = this.#window.answer?.lanes.flatMap((lane) => lane.spans) ?? [];
    const span = selection && spans.find((each) => each[COUNT] === 1 && each[TYPE] === selection.type && each[KEY] === selection.key);
    if (span) this.#show(span);
  }

  #show(span) {
    this.#moved(() => this.#view.show({ from: span[START], to: Math.max(span[START] + 1000, span[END] ?? this.#now) }));
  }

  #togglePath() {
    this.#critical = !this.#critical;
    setPreference("timeline.path", this.#critical ? "on" : "off");
    this.#screen.draw();
    this.requestUpdate();
  }

  #timeAt(x) {
    return this.#view.range.from + (x - this.#screen.left) * this.#perPixel;
  }

  #spotAt(x, y) {
    const { left, scroll, lanesHeight, places } = this.#screen;
    if (!this.#view.range || x < left || y < AXIS_HEIGHT || y > AXIS_HEIGHT + lanesHeight) return null;
    return spotAt(places, y - AXIS_HEIGHT + scroll, this.#timeAt(x), 4 * this.#perPixel, this.#now);
  }

  /** One span is selected; what is several is looked at more closely, as is one pressed twice. */
  #press(spot, double) {
    if (!spot) return double ? undefined : this.monitor.store.select(null);
    const { span } = spot;
    if (span[COUNT] > 1 || double) return this.#show(span);
    this.monitor.store.select({ type: span[TYPE], key: span[KEY] });
  }

  #point(spot, x, y) {
    this.renderRoot.querySelector("canvas").classList.toggle("pointing", spot !== null);
    if (spot?.span === this.#hover?.span && !spot) return;
    this.#hover = spot && { ...spot, x, y };
    this.#screen.draw();
    this.requestUpdate();
  }

  /** Keys are the timeline's unless the reader is elsewhere: in the inspector, or in the list of spans. */
  #hasKeys() {
    const focused = document.activeElement;
    return !focused || focused === document.body || focused === this || focused.matches("[role=tab], .panel *");
  }

  #inSight() {
    if (!this.#spots.length && this.#view.range) this.#spots = spotsIn(this.#screen.places, this.#view.range, this.#now);
    return this.#spots;
  }

  #onListKey(event) {
    const spots = this.#inSight();
    if (event.key === "Enter" || event.key === " ") this.#cursor && this.#press(this.#cursor, false);
    else if (/^(Arrow|Home$|End$)/.test(event.key) && !event.ctrlKey && !event.altKey) this.#pointAt(spots[stepFrom(spots, indexOf(spots, this.#cursor), event.key)] ?? null);
    else return;
    event.preventDefault();
  }

  #pointAt(spot) {
    this.#cursor = spot;
    if (spot) this.#screen.reveal(rowTop(spot.place, spot.span[ROW]), ROW_HEIGHT);
    this.#screen.draw();
    this.requestUpdate();
  }

  render() {
    const [{ answer, error }, { range }] = [this.#window, this.#view];
    const spots = this.#screen ? this.#inSight() : [];
    return html`${toolbar(this.#view, this.#critical, this.#does)}
      <div class="chart">
        <canvas tabindex="0" role="img" aria-label=${`Timeline, ${range ? `${duration(range.to - range.from)} from ${dateTime(range.from)}` : "nothing yet"}. The list after it tells of the spans in sight.`}></canvas>
        ${spotList(spots, this.#cursor, this.#now, { key: (event) => this.#onListKey(event), focus: (spot) => this.#pointAt(spot), blur: () => this.#screen.draw() })}
        ${hint(this.#hover, this.#screen, this.monitor.store, this.#now)}
        ${answer?.more_sessions ? html`<p class="note" role="status">${plural(answer.more_sessions, "more session")} in this time: zoom in to see them</p>` : nothing}
        ${message(answer, error)}
      </div>`;
  }
}
