// One line under the header when what is on screen may not be the present state of things.
import { html, nothing } from "lit";
import { icon } from "../ui/icons.js";
import { statusShape } from "../ui/status.js";
import { LightElement } from "./light-element.js";

class Banner extends LightElement {
  render() {
    const { connection, paused } = this.store.state;
    if (connection === "disconnected") {
      return html`<p>${statusShape(connection)}The monitor has stopped or cannot be reached. What you see is the last known state; it continues when the monitor is back (<code>mpm-monitor status</code>).</p>`;
    }
    if (paused) return html`<p>${icon("pause")}Paused: new events are stored but not shown. Press space to go on.</p>`;
    return nothing;
  }
}

customElements.define("monitor-banner", Banner);
