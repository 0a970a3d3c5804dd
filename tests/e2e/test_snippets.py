"""What a search finds shows the words where they stand, as text whatever it holds."""

from __future__ import annotations

from playwright.sync_api import expect

from claude_mpm_monitor import Monitor

from .claude import Claude
from .conftest import OpenPage


def test_words_are_marked_and_nothing_is_run(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.start()
    claude.bash("cat notes", "before <img src=x onerror=alert(1)> the Needle & <b>more</b>")
    page = open_page(monitor, "#/events?q=needle")
    row = page.get_by_role("option")

    expect(row).to_have_count(1)
    expect(row.locator("mark")).to_have_text("Needle")
    expect(row.locator(".summary")).to_have_text("Bash …onerror=alert(1)> the Needle & <b>more</b>")
    expect(row.locator("img, b:not(.new)")).to_have_count(0)

    claude.bash("cat more", "another needle, live")
    expect(row).to_have_count(2)
    expect(row.last.locator("mark")).to_have_text("needle")


def test_what_the_row_shows_anyway_is_marked_there(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.start()
    claude.begin("Bash", {"command": "find needle -name '*.py'"})
    page = open_page(monitor, "#/events?q=needle")

    expect(page.get_by_role("option").locator(".summary")).to_have_text(
        "Bash find needle -name '*.py'"
    )
    expect(page.get_by_role("option").locator("mark")).to_have_text("needle")
