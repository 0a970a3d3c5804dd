// One line under the header when what is on screen may not be the present state of things.
import { html, nothing } from "lit";
import { plural } from "../core/format.js";
import { icon } from "../ui/icons.js";
import { statusShape } from "../ui/status.js";
import { LightElement } from "./light-element.js";

class Banner extends LightElement {
  render() {
    const { connection, paused } = this.store.state;
    if (connection === "disconnected") {
      return html`<p>${statusShape(connection)}<span>The monitor has stopped or cannot be reached (<code>mpm-monitor status</code> tells more). What you see is the last known state; it goes on by itself when the monitor is back.</span></p>`;
    }
    if (paused) return html`<p>${icon("pause")}<span>Paused: new events are stored but not shown. Press space to go on.</span></p>`;
    const { caughtUp } = this.store.recovery;
    return caughtUp === null ? nothing : html`<p data-good>${statusShape("connected")}<span>Reconnected; ${caughtUp ? `${plural(caughtUp, "event")} caught up, nothing was lost.` : "nothing was missed."}</span></p>`;
  }
}

customElements.define("monitor-banner", Banner);
