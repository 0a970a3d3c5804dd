// Chooses the project everything on the page is of; all of them unless one is chosen.
import { html } from "lit";
import { baseName, plural } from "../core/format.js";
import { ALL } from "../core/sessions.js";
import { icon } from "../ui/icons.js";
import { Picker } from "./picker.js";

class ProjectPicker extends Picker {
  topics = ["state"];
  noun = "Project";
  name = "project";

  renderCurrent() {
    const { project } = this.store.state;
    return html`${icon("folder")}<span class="current" title=${project}>${project ? baseName(project) : "All projects"}</span>`;
  }

  renderChoice({ project, sessions }) {
    if (!project) return html`<span class="all">All projects</span>`;
    return html`<span class="name">${baseName(project)}</span><span class="when">${plural(sessions, "session")}</span><span class="where">${project}</span>`;
  }

  async choices(words) {
    const projects = await this.store.sessions.projects();
    const found = projects.filter(({ project }) => project && project.toLowerCase().includes(words));
    return words ? found : [{ project: "", sessions: 0 }, ...found];
  }

  isCurrent({ project }) {
    return project === this.store.state.project;
  }

  /** A session of another project must not stay on screen. */
  take({ project }) {
    const { session } = this.store.state;
    const keep = session === "" || session === ALL || !project || this.store.session?.project === project;
    this.store.update({ project, session: keep ? session : "", selection: project === this.store.state.project ? this.store.state.selection : null });
  }
}

customElements.define("monitor-project-picker", ProjectPicker);
