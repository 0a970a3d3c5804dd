// A list of a topic's documents, read from the server as it is scrolled, narrowed and ordered there; what is new comes in at the top.
import { nothing } from "lit";
import { WindowRows } from "./window-rows.js";

export class DocumentRows extends WindowRows {
  endAtTop = true;
  /** The rows are a whole list of the subclass's own making, not a window. */
  whole = false;
  #asked = "";

  // A subclass gives `topic`.

  get list() {
    return this.monitor.store.list(this.topic);
  }

  keyOf(row) {
    return row.key;
  }

  get selectedKey() {
    const { selection } = this.monitor.store.state;
    return selection?.type === this.topic ? selection.key : null;
  }

  choose(row) {
    this.monitor.store.select({ type: this.topic, key: row.key });
  }

  scrolled(sight) {
    if (!this.whole) super.scrolled(sight);
  }

  renderOverlay() {
    return this.whole ? nothing : super.renderOverlay();
  }

  /**
   * Show what fits, in this order.
   * @param {Record<string, any>} query @param {{field: string, descending: boolean, missing: number|string}|null} [sort]
   */
  showList(query, sort = null) {
    const { store } = this.monitor;
    if (!store.settled) return;
    const asked = JSON.stringify([store.scope, query, sort]);
    if (asked !== this.#asked) this.list.open(store.shown.documents(this.topic, query, sort));
    this.#asked = asked;
    this.list.keepUp();
    this.showWindow();
  }
}
