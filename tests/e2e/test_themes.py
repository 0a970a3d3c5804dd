"""Themes: chosen by button and by name, kept without a flash, given up when their plugin goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from claude_mpm_monitor import Monitor, ThemeSpec, hookimpl

from .claude import Claude
from .conftest import OpenPage

BACKGROUND = "getComputedStyle(document.body).backgroundColor"
#: Whether a corner of the timeline that nothing is drawn on has this colour.
CORNER_IS = """([canvas, colour]) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(width - 3, height - 3, 1, 1);
  return data.join() === colour;
}"""
BLACK = "rgb(0, 0, 0)"
NIGHT = "rgb(16, 19, 28)"


class Night:
    """A plugin with a theme."""

    @hookimpl
    def monitor_register_themes(self) -> list[ThemeSpec]:
        """Register it."""
        tokens = {"--bg": "#10131c"}
        return [ThemeSpec(name="acme.night", title="Night", scheme="dark", tokens=tokens)]


@pytest.fixture
def monitor(home: Path) -> Iterator[Monitor]:
    """A running monitor with the plugin."""
    with Monitor(home=home, port=0, plugins=[Night()]) as monitor:
        yield monitor


def choose(page: Page, title: str) -> None:
    """Choose a theme in the command palette."""
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Command").fill(f"theme {title}")
    page.get_by_role("option", name=f"Theme: {title}").click()


def test_the_button_goes_through_all_themes(monitor: Monitor, open_page: OpenPage) -> None:
    page = open_page(monitor)
    button = page.get_by_role("button", name=re.compile("^Theme: "))
    titles = ["Light", "Dark", "High contrast dark", "High contrast light", "Night", "System"]

    for title in titles:
        button.click()
        expect(button).to_have_accessible_name(f"Theme: {title}")
    assert page.evaluate(BACKGROUND) == "rgb(255, 255, 255)"


def test_a_theme_is_chosen_by_name_and_the_timeline_follows(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.start()
    claude.bash("ls", "a.py")
    page = open_page(monitor, "#/timeline")
    canvas = page.locator("canvas").first
    for title, colour in [
        ("Dark", "18,20,23,255"),
        ("High contrast dark", "0,0,0,255"),
        ("Night", "16,19,28,255"),
        ("High contrast light", "255,255,255,255"),
    ]:
        choose(page, title)
        expect(page.get_by_role("button", name=f"Theme: {title}", exact=True)).to_be_visible()
        page.wait_for_function(CORNER_IS, arg=[canvas.element_handle(), colour])


def test_a_theme_is_there_again_before_anything_is_asked_for(
    monitor: Monitor, open_page: OpenPage
) -> None:
    page = open_page(monitor)
    choose(page, "Night")
    assert page.evaluate(BACKGROUND) == NIGHT

    page.route("**/api/v1/themes", lambda route: None)
    page.reload(wait_until="load")

    assert page.evaluate(BACKGROUND) == NIGHT
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_theme_whose_plugin_is_gone_gives_way_to_the_system_s(
    home: Path, open_page: OpenPage
) -> None:
    with Monitor(home=home, port=0, plugins=[Night()]) as first:
        port = first.port
        page = open_page(first)
        choose(page, "Night")
        assert page.evaluate(BACKGROUND) == NIGHT

    with Monitor(home=home, port=port) as second:
        assert second.port == port
        page.reload()
        page.wait_for_selector("html[data-ready]")
        expect(page.get_by_role("button", name="Theme: System")).to_be_visible()
        assert page.evaluate(BACKGROUND) == "rgb(255, 255, 255)"

        choose(page, "High contrast dark")
        assert page.evaluate(BACKGROUND) == BLACK
