// Chooses the session: the newest as it comes, all of them, or one; those of the chosen project only, live ones first.
import { html } from "lit";
import { moment } from "../core/format.js";
import { ALL, inOrder, projectName, sessionName } from "../core/sessions.js";
import { sessionStatus, statusMark } from "../ui/status.js";
import { Picker } from "./picker.js";

class SessionPicker extends Picker {
  topics = ["state", "session"];
  noun = "Session";
  name = "session";

  renderCurrent() {
    const { store } = this;
    const { session } = store;
    if (!store.sessionId) return html`<span class="current">All sessions</span>`;
    if (!session) return html`<span class="current">${store.sessionId.slice(0, 8)}</span>`;
    const newest = store.state.session === "" ? "newest" : "";
    return html`${statusMark(sessionStatus(session.status))}<span class="current">${projectName(session)}<small>${[newest, session.branch, sessionName(session)].filter(Boolean).map((part) => ` · ${part}`)}</small></span>`;
  }

  renderChoice(choice) {
    if (choice === "") return html`<span class="all">Newest session, as it comes</span>`;
    if (choice === ALL) return html`<span class="all">All sessions</span>`;
    return html`${statusMark(sessionStatus(choice.status))}<span class="name">${sessionName(choice)}</span><span class="when">${moment(choice.started_at ?? choice.last_at)}</span>
      <span class="where">${[projectName(choice), choice.branch].filter(Boolean).join(" · ")}</span>`;
  }

  async choices(words) {
    const sessions = inOrder(await this.store.sessions.find(words));
    return words ? sessions : ["", ALL, ...sessions];
  }

  isCurrent(choice) {
    const { session } = this.store.state;
    return typeof choice === "string" ? choice === session : choice.session_id === session;
  }

  take(choice) {
    this.store.update({ session: typeof choice === "string" ? choice : choice.session_id });
  }
}

customElements.define("monitor-session-picker", SessionPicker);
