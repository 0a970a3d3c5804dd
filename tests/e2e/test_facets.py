"""Facets above the list of events: what is frequent, a click or a key away from a search."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.testing.recorded import recorded

from .claude import Claude
from .conftest import OpenPage


@pytest.fixture
def recipes(monitor: Monitor) -> None:
    """A session with several tools, agents and outcomes."""
    recorded("recipes").tell(monitor)


def facet(page: Page, field: str) -> Locator:
    return page.get_by_role("group", name=field, exact=True).get_by_role("button")


def query_of(page: Page) -> str:
    return str(page.evaluate("new URLSearchParams(location.hash.split('?')[1]).get('q') ?? ''"))


def test_a_value_is_chosen_and_given_up_by_mouse_and_keyboard(
    monitor: Monitor, open_page: OpenPage, recipes: None
) -> None:
    page = open_page(monitor, "#/events")
    read = facet(page, "Tool").filter(has_text="Read")
    number = read.locator(".number").inner_text()

    read.click()
    page.wait_for_url("**q=tool%3ARead**")
    expect(facet(page, "Tool")).to_have_count(1)
    expect(read).to_have_attribute("aria-pressed", "true")
    expect(read).to_be_focused()
    expect(page.get_by_role("option")).to_have_count(int(number))

    failed = facet(page, "Status").filter(has_text="failed")
    failed.press("Enter")
    expect(facet(page, "Status")).to_have_count(1)
    assert query_of(page) == "tool:Read status:error"
    expect(failed).to_be_focused()
    failed.press("Space")
    expect(facet(page, "Status")).not_to_have_count(1)
    expect(failed).to_be_focused()
    assert query_of(page) == "tool:Read"
    page.go_back()
    page.go_back()
    expect(facet(page, "Tool")).not_to_have_count(1)


def test_figures_follow_what_comes_in(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.start()
    claude.prompt("List it")
    claude.bash("ls", "a.py")
    page = open_page(monitor, "#/events")
    prompts = facet(page, "Kind").filter(has_text="UserPromptSubmit")
    expect(prompts).to_contain_text("1")

    claude.prompt("Again")

    expect(prompts).to_contain_text("2")


def test_they_are_hidden_by_a_key_and_stay_so(
    monitor: Monitor, open_page: OpenPage, recipes: None
) -> None:
    page = open_page(monitor, "#/events")
    expect(facet(page, "Tool").first).to_be_visible()
    page.keyboard.press("f")
    expect(facet(page, "Tool")).to_have_count(0)
    expect(page.get_by_role("button", name="Facets")).to_have_attribute("aria-expanded", "false")

    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.get_by_role("option").last).to_be_visible()
    expect(facet(page, "Tool")).to_have_count(0)


def test_a_phone_shows_them_when_asked_to(
    monitor: Monitor, open_page: OpenPage, recipes: None
) -> None:
    page = open_page(monitor, "#/overview")
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("location.hash = '#/events'")
    expect(page.get_by_role("option").last).to_be_visible()
    expect(facet(page, "Tool")).to_have_count(0)

    page.get_by_role("button", name="Facets").click()
    expect(facet(page, "Tool").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
