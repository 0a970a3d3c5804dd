// Tab "Files": what was read, written and edited, by whom, grouped by directory.
import { css, html } from "@mpm-monitor/sdk";
import { agentName } from "../core/agents.js";
import { fileRows } from "../core/files.js";
import { baseName, count, plural, rowTime } from "../core/format.js";
import { icon } from "../ui/icons.js";
import { emptyMessage } from "../ui/messages.js";
import { RowsElement } from "../ui/rows-element.js";

const columns = css`
  .row { grid-template-columns: minmax(0, 1fr) 52px 52px 52px 76px 84px minmax(50px, 120px); }
  .name { display: flex; align-items: center; gap: var(--space-2); }
  .name > span { overflow: hidden; text-overflow: ellipsis; }
  .name .icon { color: var(--text-3); }
  .group { color: var(--text-2); font-weight: var(--medium); }
  .group .twist { transform: none; }
  .group.open .twist { display: inline-flex; transform: rotate(90deg); }
  .twist { flex: none; display: inline-flex; }
  .file .name { padding-left: 20px; }
  .last { padding-left: var(--space-3); }
  .zero { color: var(--text-3); opacity: 0.55; }
  @container (max-width: 700px) {
    .row { grid-template-columns: minmax(0, 1fr) 46px 46px 46px 62px; }
    .optional { display: none; }
  }
`;

export default class FilesWidget extends RowsElement {
  static styles = [RowsElement.styles, columns];
  scrollerRole = "tree";

  #closed = new Set();

  get topics() {
    return ["file", "state", "session", "agent"];
  }

  get selectedKey() {
    const { selection } = this.monitor.store.state;
    return selection?.type === "file" ? selection.key : null;
  }

  keyOf(row) {
    return row.key;
  }

  choose(row) {
    if (row.file) this.monitor.store.select({ type: "file", key: row.key });
    else this.#toggle(row.key);
  }

  /** Moving onto a directory must not close it. */
  canSelect(row) {
    return row.file !== null;
  }

  refresh() {
    const { store } = this.monitor;
    const table = store.documents("file");
    table.rest();
    const query = store.state.query.toLowerCase();
    const files = table.all.map((document) => document.value);
    const found = query ? files.filter((file) => file.path.toLowerCase().includes(query)) : files;
    // Of several sessions with directories of their own, only full paths tell their files apart.
    const directoryOf = (sessionId) => (store.sessionId && store.documents("session").get(sessionId)?.value.cwd) || "";
    this.items = fileRows(found, directoryOf, this.#closed);
    this.requestUpdate();
  }

  renderHead() {
    return html`<div class="row head" aria-hidden="true">
      <span>File</span><span class="number">Reads</span><span class="number">Writes</span><span class="number">Edits</span>
      <span class="last">Last</span><span class="optional">At</span><span class="optional">By</span>
    </div>`;
  }

  renderRow(row, index, { id, active, selected }) {
    return row.file ? this.#fileRow(row.file, index, id, active, selected) : this.#groupRow(row, index, id, active);
  }

  #groupRow(row, index, id, active) {
    const open = !this.#closed.has(row.key);
    return html`<div class="row group ${open ? "open" : ""}" role="treeitem" id=${id} data-index=${index} ?data-active=${active}
      aria-level="1" aria-expanded=${open} aria-selected="false">
      <span class="name"><span class="twist">${icon("chevron")}</span>${icon("folder")}<span title=${row.directory}>${row.directory || "."}</span></span>
      ${number(row.reads, "reads")}${number(row.writes, "writes")}${number(row.edits, "edits")}<span class="quiet last">${plural(row.files, "file")}</span>
    </div>`;
  }

  #fileRow(file, index, id, active, selected) {
    const { store } = this.monitor;
    const agents = (file.agents ?? []).map((agent) => agentName(store, file.session_id, agent));
    return html`<div class="row file" role="treeitem" id=${id} data-index=${index} ?data-active=${active} aria-selected=${selected} aria-level="2">
      <span class="name" title=${file.path}>${icon("file")}<span>${baseName(file.path)}</span></span>
      ${number(file.reads, "reads")}${number(file.writes, "writes")}${number(file.edits, "edits")}
      <span class="quiet last">${file.last_operation}</span>
      <span class="optional mono quiet">${rowTime(file.last_at)}</span>
      <span class="optional quiet">${agents.join(", ")}</span>
    </div>`;
  }

  renderEmpty() {
    const { store } = this.monitor;
    return emptyMessage(store, store.documents("file"), store.state.query ? "files match" : "", "No file has been touched yet");
  }

  onKey(event, row) {
    if (!row || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return false;
    const close = event.key === "ArrowLeft";
    if (!row.file && close !== this.#closed.has(row.key)) this.#toggle(row.key);
    else if (row.file && close) this.point(this.items.find((above) => !above.file && above.directory === row.directory));
    return true;
  }

  #toggle(key) {
    if (!this.#closed.delete(key)) this.#closed.add(key);
    this.refresh();
  }
}

function number(value, noun) {
  return html`<span class="number ${value ? "" : "zero"}" aria-label="${value} ${noun}">${count(value)}</span>`;
}
