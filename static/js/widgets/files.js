// Tab "Files": what was read, written and edited, by whom: a session's grouped by directory, those of all as a list.
import { css, html } from "@mpm-monitor/sdk";
import { agentName } from "../core/agents.js";
import { fileRows } from "../core/files.js";
import { baseName, count, plural, rowTime } from "../core/format.js";
import { DocumentRows } from "../ui/document-rows.js";
import { icon } from "../ui/icons.js";
import { emptyMessage } from "../ui/messages.js";

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

export default class FilesWidget extends DocumentRows {
  static styles = [DocumentRows.styles, columns];
  scrollerRole = "tree";

  #closed = new Set();

  get topics() {
    return ["file", "state", "session", "agent"];
  }

  topic = "file";

  choose(row) {
    if (this.whole && !row.file) this.#toggle(row.key);
    else super.choose(row);
  }

  /** Moving onto a directory must not close it. */
  canSelect(row) {
    return !this.whole || row.file !== null;
  }

  refresh() {
    const { store } = this.monitor;
    const { query } = store.state;
    this.whole = store.sessionId !== "";
    if (!this.whole) return this.showList({ q: query || null });
    const table = store.documents("file");
    table.rest();
    const files = table.all.map((document) => document.value);
    const found = query ? files.filter((file) => file.path.toLowerCase().includes(query.toLowerCase())) : files;
    this.setRows(fileRows(found, () => store.session?.cwd ?? "", this.#closed), { stay: false });
  }

  renderHead() {
    return html`<div class="row head" aria-hidden="true">
      <span>File</span><span class="number">Reads</span><span class="number">Writes</span><span class="number">Edits</span>
      <span class="last">Last</span><span class="optional">At</span><span class="optional">By</span>
    </div>`;
  }

  renderRow(row, index, { id, active, selected }) {
    const file = this.whole ? row.file : row.value;
    return file ? this.#fileRow(file, index, id, active, selected) : this.#groupRow(row, index, id, active);
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
      <span class="name" title=${file.path}>${icon("file")}<span>${this.whole ? baseName(file.path) : file.path}</span></span>
      ${number(file.reads, "reads")}${number(file.writes, "writes")}${number(file.edits, "edits")}
      <span class="quiet last">${file.last_operation}</span>
      <span class="optional mono quiet">${rowTime(file.last_at)}</span>
      <span class="optional quiet">${agents.join(", ")}</span>
    </div>`;
  }

  renderEmpty() {
    const { store } = this.monitor;
    return emptyMessage(store, this.whole ? store.documents("file") : this.list, store.state.query ? "files match" : "", "No file has been touched yet");
  }

  onKey(event, row) {
    if (!this.whole || !row || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return false;
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
