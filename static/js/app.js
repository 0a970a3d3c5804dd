// Starts the dashboard: state, address, the page's parts, widgets, keys, and last the live line.
import { Api } from "./core/api.js";
import { Asking } from "./core/asking.js";
import { Commands } from "./core/commands.js";
import { createContext } from "./core/context.js";
import { keepAddress } from "./core/history.js";
import { listenToKeys } from "./core/keyboard.js";
import { connect } from "./core/socket.js";
import { Store } from "./core/store.js";
import { Themes } from "./core/themes.js";
import { drawings } from "./inspector/drawings.js";
import { bindCommands } from "./shell/page-commands.js";
import { findAnything } from "./shell/find-anything.js";
import { Panels, tabName } from "./shell/panels.js";
import { controls } from "./ui/styles.js";
import "./inspector/inspector.js";
import "./shell/banner.js";
import "./shell/divider.js";
import "./shell/footer.js";
import "./shell/header.js";
import "./shell/help-sheet.js";
import "./shell/palette.js";
import "./shell/saved-searches.js";
import "./shell/tabs.js";

document.adoptedStyleSheets.push(controls.styleSheet);

const $ = (selector) => document.querySelector(selector);
const api = new Api();
const store = new Store(api);
const commands = new Commands();
const asking = new Asking();
const monitor = createContext(store, api, commands, asking.ask);
const panels = new Panels($("#panels"), monitor);
const themes = new Themes(() => store.notifier.touch("theme"));

keepAddress(store);
$("monitor-header").themes = themes;
for (const part of ["header", "banner", "tabs", "footer", "inspector"]) $(`monitor-${part}`).attach(store, api);
await placeWidgets();
await store.start();
asking.use(connect(store));
document.documentElement.dataset.ready = "true";

async function placeWidgets() {
  const [{ widgets }, looks] = await firstAnswer(() => Promise.all([api.get("widgets"), api.get("themes")]));
  themes.add(looks.themes);
  const views = widgets.filter((spec) => spec.placement === "tab").map((spec) => ({ name: tabName(spec.id), title: spec.title, spec }));
  panels.addTabs(views);
  panels.addSide($("#side"), widgets.filter((spec) => spec.placement === "side"));
  drawings.use(widgets.filter((spec) => spec.placement === "detail"), monitor);
  $("monitor-tabs").tabs = views;

  const follow = () => {
    const view = views.find(({ name }) => name === store.state.tab) ?? views[0];
    panels.show(view.name);
    $("#split").toggleAttribute("data-detail", store.state.selection !== null);
    $("#split").toggleAttribute("data-wide", view.spec.wide && store.state.selection === null);
  };
  store.subscribe(["state"], follow);
  $("#split").hidden = false;
  $("#boot").remove();
  follow();
  $("[data-skip]").addEventListener("click", (event) => (event.preventDefault(), panels.list?.focus()));

  const [help, palette, saved] = [$("monitor-help"), $("monitor-palette"), $("monitor-saved-searches")];
  [help.commands, palette.commands, palette.find] = [commands, commands, (words) => findAnything(store, api, words)];
  [saved.store, saved.api] = [store, api];
  $("monitor-header").addEventListener("open-saved-searches", () => saved.open());
  bindCommands(commands, store, { views, list: () => panels.list, header: $("monitor-header"), inspector: $("monitor-inspector"), themes, help, palette, saved });
  $("monitor-inspector").addEventListener("close-inspector", () => commands.run("inspector.close"));
  listenToKeys(commands);
}

/** Nothing can be drawn before the server answers once; say so and go on asking. */
async function firstAnswer(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      store.update({ connection: "disconnected" });
      $("#boot").textContent = `${error.title ?? "The monitor does not answer"}. ${error.message} Trying again …`;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}
