"""The page under load, across restarts of the server, and beside broken widgets."""

from __future__ import annotations

import threading
from pathlib import Path

from playwright.sync_api import Page, expect

from claude_mpm_monitor import Monitor, WidgetSpec, hookimpl

from .claude import Claude
from .conftest import OpenPage

BURST = 10_000
#: How many events the page keeps.
WINDOW = "document.querySelector('monitor-inspector').store.events.rows.length"


def heap_bytes(page: Page) -> float:
    """What the page's objects take once those that nothing refers to are collected."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.enable")
    devtools.send("HeapProfiler.collectGarbage")
    return float(devtools.send("Runtime.getHeapUsage")["usedSize"])


def test_a_burst_is_shown_whole_and_the_page_answers_meanwhile(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.prompt("before")
    page = open_page(monitor)
    burst = threading.Thread(target=claude.many, args=(BURST,))
    burst.start()

    page.keyboard.press("/")
    page.keyboard.type("number 99")
    expect(page.get_by_label("Search", exact=True)).to_have_value("number 99")
    page.keyboard.press("Escape")
    page.keyboard.press("4")
    expect(page.get_by_role("tab", name="Agents")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("2")
    burst.join()

    expect(page.get_by_role("banner")).to_contain_text("events10,001", timeout=30_000)
    scroller = page.get_by_role("listbox", name="Events")
    expect(page.get_by_role("option").last).to_contain_text(f"number {BURST - 1}")
    assert page.get_by_role("option").count() < 100
    assert page.evaluate(WINDOW) <= 2_100
    assert heap_bytes(page) < 80_000_000

    scroller.focus()
    for _ in range(BURST // 300):
        page.keyboard.press("Home")
        if page.get_by_text("before").count():
            break
        page.wait_for_load_state("networkidle")
    expect(page.get_by_role("option").first).to_contain_text("before")
    page.keyboard.press("End")
    expect(page.get_by_role("option").last).to_contain_text(f"number {BURST - 1}")


def test_after_a_restart_the_page_goes_on_by_itself(home: Path, open_page: OpenPage) -> None:
    first = Monitor(home=home, port=0)
    first.start()
    port = first.port
    claude = Claude(port)
    claude.prompt("before the restart")
    page = open_page(first)
    page.get_by_role("option").click()
    first.close()
    expect(page.get_by_text("reconnecting")).to_be_visible()

    with Monitor(home=home, port=port) as second:
        assert second.port == port
        claude.prompt("after the restart")
        expect(page.get_by_text("connected", exact=True)).to_be_visible()
        expect(page.get_by_role("option")).to_have_count(2)
        expect(page.get_by_label("Inspector")).to_contain_text("before the restart")
        claude.prompt("and live again")
        expect(page.get_by_role("option")).to_have_count(3)


class BrokenWidgets:
    """A plugin whose widgets fail, each in its own way."""

    MODULES = {
        "imports": "import './absent.js'; export default class extends HTMLElement {}",
        "throws": "export default class extends HTMLElement { constructor() { super(); throw new Error('bad start') } }",
        "connects": "export default class extends HTMLElement { connectedCallback() { throw new Error('bad place') } }",
        "renders": "import { Widget } from '@mpm-monitor/sdk';"
        "export default class extends Widget { render() { throw new Error('bad drawing') } }",
        "nothing": "export const answer = 42;",
        "works": "import { Widget, html } from '@mpm-monitor/sdk';"
        "export default class extends Widget { render() { return html`version ${this.monitor.version}` } }",
    }  # fmt: skip

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        for name, source in self.MODULES.items():
            (folder / f"{name}.js").write_text(source, encoding="utf-8")

    @hookimpl
    def monitor_register_widgets(self) -> list[WidgetSpec]:
        """Register all of them; "imports" and "works" as tabs, the others at the side."""
        return [
            WidgetSpec(
                id=f"acme.{name}",
                title=name,
                module=f"{name}.js",
                static_dir=self._folder,
                placement="tab" if name in ("imports", "works") else "side",
            )
            for name in self.MODULES
        ]


def test_a_broken_widget_costs_only_itself(home: Path, tmp_path: Path, open_page: OpenPage) -> None:
    plugin = BrokenWidgets(tmp_path / "widgets")
    with Monitor(home=home, port=0, plugins=[plugin]) as monitor:
        Claude(monitor.port).prompt("still here")
        page = open_page(monitor)

        expect(page.get_by_role("option")).to_contain_text("still here")
        for fault in ("bad start", "bad place", "bad drawing", "no default export"):
            expect(page.get_by_role("alert").filter(has_text=fault)).to_be_visible()
        page.get_by_role("tab", name="imports").click()
        alert = page.get_by_role("alert").filter(has_text="acme.imports")
        expect(alert).to_be_visible()
        page.get_by_role("tab", name="works").click()
        expect(page.get_by_role("tabpanel", name="works")).to_contain_text("version 1.1")

        mended = plugin.MODULES["works"]
        (tmp_path / "widgets" / "imports.js").write_text(mended, encoding="utf-8")
        page.get_by_role("tab", name="imports").click()
        alert.get_by_role("button", name="Reload widget").click()
        expect(page.get_by_role("tabpanel", name="imports")).to_contain_text("version 1.1")
