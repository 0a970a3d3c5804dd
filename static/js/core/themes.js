// Themes: the system's, light, dark, and those that plugins register. Which one was chosen is kept in the browser.
// @ts-check
import { preference, setPreference } from "./preferences.js";

/** @typedef {{name: string, title: string, scheme: "system"|"light"|"dark", tokens: Record<string, string>}} Theme */

/** @type {Theme[]} */
const OWN = [
  { name: "system", title: "System", scheme: "system", tokens: {} },
  { name: "light", title: "Light", scheme: "light", tokens: {} },
  { name: "dark", title: "Dark", scheme: "dark", tokens: {} },
];

export class Themes {
  /** In the order in which the button takes them. */
  all = OWN;
  #name = preference("theme", "system");
  #root;
  #changed;

  /** @param {() => void} changed another one was chosen @param {HTMLElement} [root] the element that tokens are set on */
  constructor(changed, root = document.documentElement) {
    this.#changed = changed;
    this.#root = root;
  }

  /** The one in force; the system's while others are not known yet. @returns {Theme} */
  get chosen() {
    return this.#find(this.#name) ?? OWN[0];
  }

  /** Take in what plugins register; while the chosen one is not among them the system's is shown. @param {Theme[]} registered */
  add(registered) {
    this.all = [...OWN, ...registered];
    this.#show();
  }

  /** @param {string} name of one of `all` */
  choose(name) {
    this.#name = name;
    setPreference("theme", name);
    this.#show();
  }

  #show() {
    // theme.js reads it before the first paint, when nobody has been asked for themes yet.
    setPreference("theme-tokens", JSON.stringify(this.chosen));
    this.#apply(this.chosen);
    this.#changed();
  }

  next() {
    const { all, chosen } = this;
    this.choose(all[(all.indexOf(chosen) + 1) % all.length].name);
  }

  #find(/** @type {string} */ name) {
    return this.all.find((theme) => theme.name === name);
  }

  /** @param {Theme} theme */
  #apply({ scheme, tokens }) {
    const { style, dataset } = this.#root;
    for (const token of [...style]) style.removeProperty(token);
    for (const [token, value] of Object.entries(tokens)) style.setProperty(token, value);
    dataset.theme = scheme; // the last: whoever watches it reads the tokens then
  }
}
