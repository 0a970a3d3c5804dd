"""Searches are saved, used and deleted on the page, by keyboard alone, and every page has them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from testkit.wire import get, post

from claude_mpm_monitor import Monitor

from .claude import Claude
from .conftest import OpenPage

PATH = "/api/v1/searches"


@pytest.fixture
def failed(monitor: Monitor, claude: Claude) -> None:
    """Two calls, and a search that finds the second."""
    claude.start()
    claude.bash("ls", "a.py")
    claude.failing_bash("false", "Exit code 1")
    post(monitor.port, PATH, {"name": "what failed", "query": "status:error"})


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def query_of(page: Page) -> str:
    return str(page.evaluate("new URLSearchParams(location.hash.split('?')[1]).get('q')"))


def test_the_present_search_is_saved_and_deleted_by_keyboard(
    monitor: Monitor, open_page: OpenPage, failed: None
) -> None:
    page = open_page(monitor, "#/events?q=tool:Bash")
    names = page.locator("monitor-saved-searches li .use span")
    press(page, "q")
    expect(names).to_have_text(["what failed"])
    page.keyboard.type("shell")
    press(page, "Enter")
    expect(names).to_have_text(["shell", "what failed"])
    assert [search["query"] for search in get(monitor.port, PATH).json["searches"]] == [
        "tool:Bash",
        "status:error",
    ]

    press(page, "Tab", "Tab", "Tab", "Enter")  # Save, the first search, its Delete

    expect(names).to_have_text(["what failed"])
    expect(page.locator("monitor-saved-searches .use")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(names).to_have_text(["shell", "what failed"])


def test_a_saved_search_is_used_from_the_sheet_the_palette_and_the_box(
    monitor: Monitor, open_page: OpenPage, failed: None
) -> None:
    page = open_page(monitor, "#/overview")
    press(page, "q")
    page.locator("monitor-saved-searches .use").focus()
    press(page, "Enter")
    page.wait_for_url("**#/events?q=status%3Aerror")

    page = open_page(monitor, "#/overview")
    press(page, "Control+k")
    page.keyboard.type("what failed")
    expect(page.locator("#palette-list li", has_text="Saved")).to_have_count(1)
    page.locator("#palette-list li", has_text="Saved").click()
    page.wait_for_url("**#/events?q=status%3Aerror")

    page = open_page(monitor, "#/events")
    press(page, "/")
    expect(page.locator("#search-offer li")).to_have_text(["what failedstatus:error"])
    press(page, "ArrowDown", "Enter")
    page.wait_for_function("location.hash.includes('q=')")
    assert query_of(page) == "status:error"


def test_what_is_no_query_is_not_saved_and_the_sheet_says_why(
    monitor: Monitor, open_page: OpenPage
) -> None:
    page = open_page(monitor, "#/events?q=dur%3Esoon")
    page.get_by_role("button", name="Saved searches").click()
    page.get_by_label("Save dur>soon as").fill("odd")
    press(page, "Enter")

    expect(page.locator("monitor-saved-searches [role=alert]")).not_to_be_empty()
    assert get(monitor.port, PATH).json == {"searches": []}
