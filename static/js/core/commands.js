// What can be done on the page, by key or by name: the page's own commands and those a view adds while it is shown.
// @ts-check
import { KEYMAP } from "./keymap.js";

/** @typedef {{id: string, title: string, group: string, keys: string[], where?: string, whileTyping?: boolean, run: () => void, when: () => boolean}} Command */

const always = () => true;

export class Commands {
  /** @type {Map<string, Command>} */
  #own = new Map();
  /** @type {Map<string, Command>} */
  #added = new Map();

  /**
   * Say what one of the key table's commands does.
   * @param {string} id @param {() => void} run @param {() => boolean} [when] whether it makes sense now
   */
  bind(id, run, when = always) {
    const binding = KEYMAP.find((entry) => entry.id === id);
    if (binding?.where !== "page") throw new Error(`the key table has no command ${id} of the page`);
    this.#own.set(id, { ...binding, run, when });
  }

  /**
   * Add a command of a view. Where its key is one of the page's, the view's counts, as long as `when` says so.
   * @param {{id: string, title: string, group: string, keys?: string[], run: () => void, when?: () => boolean}} command
   * @returns {() => void} takes it away
   */
  add({ keys = [], when = always, ...rest }) {
    const command = { keys, when, ...rest };
    this.#added.set(command.id, command);
    return () => void (this.#added.get(command.id) === command && this.#added.delete(command.id));
  }

  /** All commands that can be run now, the page's first. @returns {Command[]} */
  get available() {
    return [...this.#own.values(), ...this.#added.values()].filter(({ when }) => when());
  }

  /** Ids of the key table's commands that somebody has bound. @returns {string[]} */
  get bound() {
    return [...this.#own.keys()];
  }

  /** @param {string} id @returns {boolean} whether it was run */
  run(id) {
    const command = this.#added.get(id) ?? this.#own.get(id);
    if (!command?.when()) return false;
    command.run();
    return true;
  }

  /** The command a key stands for now. @param {string} key @param {boolean} typing the focus is in a field @returns {Command|null} */
  forKey(key, typing) {
    for (const commands of [this.#added, this.#own]) {
      for (const command of commands.values()) {
        if (command.where !== "list" && command.keys.includes(key) && (!typing || command.whileTyping) && command.when()) return command;
      }
    }
    return null;
  }
}
