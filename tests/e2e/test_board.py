"""The board: tiles are arranged by mouse and keyboard, and are there again on the next visit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from claude_mpm_monitor import Monitor, Setting, WidgetSpec, hookimpl

from .claude import Claude
from .test_accessibility import AXE, serious

SOURCE = """import { Widget, html } from "@mpm-monitor/sdk";
export default class extends Widget {
  render() {
    %s
    return html`<p>${this.config.title} says ${this.config.settings.word ?? "nothing"}</p>`;
  }
}
"""


class Tiles:
    """Three widgets: one with a setting, one that is fine, one that breaks as it renders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "fine.js").write_text(SOURCE % "")
        (folder / "broken.js").write_text(SOURCE % "this.gone.too();")

    @hookimpl
    def monitor_register_widgets(self) -> Iterator[WidgetSpec]:
        word = Setting(name="word", default="hello", help="What it says.")
        for name, module in (("one", "fine.js"), ("two", "fine.js"), ("three", "broken.js")):
            yield WidgetSpec(
                id=f"test.{name}",
                title=f"Tile {name}",
                module=module,
                static_dir=self._folder,
                placement="board",
                settings=(word,) if name == "one" else (),
            )


@pytest.fixture
def monitor(home: Path, tmp_path: Path) -> Iterator[Monitor]:
    """A running monitor with widgets for the board."""
    folder = tmp_path / "static"
    folder.mkdir()
    with Monitor(home=home, port=0, plugins=[Tiles(folder)]) as monitor:
        yield monitor


@pytest.fixture
def page(monitor: Monitor, open_page: Callable[..., Page]) -> Page:
    page = open_page(monitor, "#/board")
    # The reports that are built in are not what these tests are about.
    for left, title in ((4, "How tools do"), (3, "When there was work")):
        page.get_by_role("button", name=f"Remove {title}").click()
        # The others move up: a click that comes meanwhile may meet another one.
        expect(page.locator("board-tile")).to_have_count(left)
    return page


def order(page: Page) -> list[str]:
    return page.locator("board-tile header h3").all_inner_texts()


def handle(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"Move or resize {title}").focus()


def stored(page: Page) -> None:
    """Wait until the last change is on the server: it is shown after a reload."""
    page.wait_for_load_state("networkidle")
    page.reload()
    page.wait_for_selector("board-tile")


def test_tiles_are_moved_and_resized_by_keyboard_and_stay_so(page: Page) -> None:
    handle(page, "Tile one")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")

    assert order(page) == ["Tile two", "Tile one", "Tile three"]
    expect(page.locator("[data-handle]:focus")).to_have_attribute(
        "aria-label", "Move or resize Tile one, now 5 by 7"
    )
    stored(page)
    assert order(page) == ["Tile two", "Tile one", "Tile three"]
    expect(page.get_by_role("button", name="Move or resize Tile one, now 5 by 7")).to_be_visible()


def test_tiles_are_moved_and_resized_by_mouse(page: Page) -> None:
    head = page.locator("board-tile header h3").first
    target = page.locator("board-tile").nth(1).bounding_box()
    assert target is not None
    head.hover()
    page.mouse.down()
    page.mouse.move(target["x"] + target["width"] * 0.9, target["y"] + 10, steps=5)
    page.mouse.up()
    assert order(page) == ["Tile two", "Tile one", "Tile three"]

    box = page.locator("board-tile").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 1.5, box["y"] + box["height"] * 0.5, steps=5)
    page.mouse.up()
    expect(page.get_by_role("button", name="Move or resize Tile two, now 6 by 3")).to_be_visible()


def test_a_tile_is_removed_brought_back_and_put_there_twice(page: Page) -> None:
    page.get_by_role("button", name="Remove Tile two").click()
    expect(page.locator("board-tile")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    assert order(page) == ["Tile one", "Tile two", "Tile three"]

    handle(page, "Tile two")
    page.keyboard.press("Delete")
    stored(page)
    assert order(page) == ["Tile one", "Tile three"]

    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Tile one", exact=True).click()
    expect(page.locator("board-tile")).to_have_count(3)
    assert order(page) == ["Tile one", "Tile three", "Tile one"]


def test_a_broken_widget_is_a_card_in_its_own_tile(page: Page) -> None:
    card = page.locator("board-tile .widget-failure")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("Widget test.three of plugin Tiles")
    expect(page.get_by_text("Tile two says nothing")).to_be_visible()


def test_a_tile_has_settings_of_its_own(page: Page) -> None:
    page.get_by_role("button", name="Settings of Tile one").click()
    page.get_by_label("word").fill("goodbye")
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_text("Tile one says goodbye")).to_be_visible()
    stored(page)
    expect(page.get_by_text("Tile one says goodbye")).to_be_visible()


def test_on_a_phone_tiles_are_as_wide_as_the_page(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})

    widths = page.eval_on_selector_all("board-tile", "all => all.map(one => one.offsetWidth)")
    assert min(widths) > 340
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_report_is_drawn_and_asked_for_anew_as_events_come(page: Page, claude: Claude) -> None:
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="How tools do", exact=True).click()
    tile = page.locator("board-tile").last
    expect(tile.locator("h3")).to_have_text("How tools do")
    claude.start()
    claude.bash("make")
    expect(tile.get_by_role("cell", name="Bash")).to_be_visible()
    claude.failing_bash("make test", "Exit code 2")

    expect(tile.get_by_role("row", name="Bash")).to_contain_text("50%")


@pytest.mark.skipif(not AXE.exists(), reason="needs `npm ci`")
def test_axe_finds_nothing_serious_on_a_board_with_tiles(
    browser: Browser, monitor: Monitor, claude: Claude
) -> None:
    claude.start()
    claude.failing_bash("make", "Exit code 2")
    for theme in ("light", "dark"):
        context = browser.new_context(color_scheme=theme, bypass_csp=True)
        page = context.new_page()
        page.goto(f"http://localhost:{monitor.port}/#/board")
        page.wait_for_selector("board-tile .widget-failure")
        page.get_by_role("button", name="Settings of Tile one").click()
        page.get_by_role("button", name="Add").click()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert serious(page) == [], theme
        context.close()
