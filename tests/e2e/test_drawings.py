"""Widgets draw tool calls and events in the inspector, and one that fails costs only itself."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from claude_mpm_monitor import Monitor, WidgetSpec, hookimpl

from .claude import Claude
from .conftest import OpenPage

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "json_tables"
HOSTILE = '<img src=x onerror="window.pwned=1">'
QUERY = "mcp__db__query"

#: Written as a package of its own would have it.
MODULES = {
    "note": """import { Widget, html } from "@mpm-monitor/sdk";
        export default class extends Widget {
          render() { return html`<p>Note: ${this.subject.event.payload.text}</p>`; }
        }""",
    "throws": """import { Widget } from "@mpm-monitor/sdk";
        export default class extends Widget { render() { throw new Error("bad drawing"); } }""",
    "plain": """export default class extends HTMLElement {
          set subject({ call }) {
            if (call.response) throw new Error("bad subject");
            this.textContent = `plain ${call.name}`;
          }
        }""",
}
DRAWS = {"note": ("acme.note",), "throws": ("Bash",), "plain": ("mcp__plain__*",)}


class Drawings:
    """A plugin that draws notes well, and calls of tools badly."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        for name, source in MODULES.items():
            (folder / f"{name}.js").write_text(source, encoding="utf-8")

    @hookimpl
    def monitor_register_widgets(self) -> list[WidgetSpec]:
        """Register all of them."""
        return [
            WidgetSpec(
                id=f"acme.{name}",
                title=name,
                module=f"{name}.js",
                static_dir=self._folder,
                placement="detail",
                draws=draws,
            )
            for name, draws in DRAWS.items()
        ]


@pytest.fixture
def monitor(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    """A running monitor with the example and a plugin of the test's own."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    plugins = [importlib.import_module("json_tables"), Drawings(tmp_path / "drawings")]
    with Monitor(home=home, port=0, plugins=plugins) as monitor:
        yield monitor


def orders(count: int) -> list[dict[str, Any]]:
    return [{"id": n, "customer": HOSTILE if n == 0 else f"C{n}"} for n in range(count)]


def select(page: Page, text: str) -> None:
    """Select the newest row that has this text."""
    page.get_by_role("option").filter(has_text=text).last.click()


def test_a_result_is_a_table_with_its_json_one_press_away(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.tool(QUERY, {"table": "orders"}, orders(23))
    page = open_page(monitor)
    inspector = page.get_by_label("Inspector")

    select(page, "PostToolUse")
    rows = inspector.get_by_role("row")
    expect(rows).to_have_count(21)
    expect(rows.nth(1)).to_contain_text(HOSTILE)
    inspector.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(24)
    expect(inspector.get_by_role("heading", name=QUERY)).to_be_visible()
    assert page.evaluate("window.pwned") is None

    inspector.get_by_role("button", name="JSON").click()
    expect(rows).to_have_count(0)
    expect(inspector.locator("monitor-json")).to_contain_text("tool_response")


def test_a_drawing_stays_in_place_and_is_told_when_its_call_is_answered(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    call = claude.begin(QUERY, {"table": "orders"})
    page = open_page(monitor, f"#/overview?tool_call={claude.session_id}/{call}")
    drawing = page.get_by_label("Inspector").locator("widget-example-json-tables")
    expect(drawing).to_contain_text("orders")
    drawing.evaluate("element => { element.mine = true }")

    about = {"tool_name": QUERY, "tool_input": {"table": "orders"}, "tool_use_id": call}
    claude.hook("PostToolUse", **about, tool_response=orders(2), duration_ms=5)

    expect(drawing.get_by_role("row")).to_have_count(3)
    assert drawing.evaluate("element => element.mine")


def test_the_error_of_a_call_is_the_page_s_own(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    call = claude.begin(QUERY, {"table": "gone"})
    about = {"tool_name": QUERY, "tool_input": {"table": "gone"}, "tool_use_id": call}
    claude.hook("PostToolUseFailure", **about, error="no such table", is_interrupt=False)
    page = open_page(monitor)
    inspector = page.get_by_label("Inspector")

    select(page, "PostToolUseFailure")

    expect(inspector.get_by_role("heading", name="Error")).to_be_visible()
    expect(inspector.get_by_text("no such table")).to_be_visible()
    expect(inspector.locator("widget-example-json-tables")).to_contain_text("gone")


def test_an_event_of_a_plugin_s_kind_is_drawn(monitor: Monitor, open_page: OpenPage) -> None:
    monitor.emit("acme.note", {"text": f"see {HOSTILE}"}, session_id="s", wait=True)
    page = open_page(monitor)

    page.get_by_role("option").click()

    expect(page.get_by_label("Inspector")).to_contain_text(f"Note: see {HOSTILE}")
    assert page.evaluate("window.pwned") is None


def test_a_drawing_that_fails_is_a_card_and_the_page_lives(
    monitor: Monitor, claude: Claude, open_page: OpenPage, tmp_path: Path
) -> None:
    claude.bash("ls", "a.py")
    claude.tool(QUERY, {"table": "orders"}, orders(2))
    page = open_page(monitor)
    inspector = page.get_by_label("Inspector")
    card = inspector.get_by_role("alert")

    select(page, "ls")
    expect(card).to_contain_text("Widget acme.throws of plugin Drawings: bad drawing")
    expect(inspector.get_by_role("heading", name="Bash")).to_be_visible()
    inspector.get_by_role("button", name="JSON").click()
    expect(inspector.locator("monitor-json")).to_contain_text("a.py")
    inspector.get_by_role("button", name="JSON").click()

    select(page, QUERY)
    expect(inspector.get_by_role("row")).to_have_count(3)

    select(page, "ls")
    (tmp_path / "drawings" / "throws.js").write_text(MODULES["plain"], encoding="utf-8")
    card.get_by_role("button", name="Reload widget").click()
    expect(card).to_contain_text("bad subject")


def test_a_drawing_that_cannot_take_what_comes_later_is_a_card(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    call = claude.begin("mcp__plain__run", {})
    page = open_page(monitor, f"#/tools?tool_call={claude.session_id}/{call}")
    inspector = page.get_by_label("Inspector")
    expect(inspector.get_by_text("plain mcp__plain__run")).to_be_visible()

    about = {"tool_name": "mcp__plain__run", "tool_input": {}, "tool_use_id": call}
    claude.hook("PostToolUse", **about, tool_response="done", duration_ms=5)

    expect(inspector.get_by_role("alert")).to_contain_text("bad subject")
