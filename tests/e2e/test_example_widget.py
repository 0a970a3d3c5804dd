"""A widget out of another package lives on the page like the built-in ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from testkit.examples import load

from claude_mpm_monitor import Monitor

from .claude import Claude


@pytest.fixture
def monitor(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    """A running monitor with the example."""
    plugin = load("failure_board", monkeypatch)
    with Monitor(home=home, port=0, plugins=[plugin]) as monitor:
        yield monitor


def test_the_failure_board_lists_failures_has_them_counted_and_selects_them(
    monitor: Monitor, claude: Claude, open_page: Callable[..., Page]
) -> None:
    claude.start()
    page = open_page(monitor)
    page.get_by_role("tab", name="Failures").click()
    expect(page.get_by_text("No tool call that the page holds has failed.")).to_be_visible()

    call = claude.begin("Bash", {"command": "make <b>all</b>"})
    claude.hook(
        "PostToolUseFailure",
        tool_name="Bash",
        tool_input={"command": "make <b>all</b>"},
        tool_use_id=call,
        error="Exit code 2",
        is_interrupt=False,
        duration_ms=12,
    )

    expect(page.get_by_text("Bash: 1")).to_be_visible()
    page.get_by_role("button", name="Count over all that is stored").click()
    expect(page.get_by_text("Bash: 1 (stored: 1 of 1 calls)")).to_be_visible()
    page.get_by_role("button", name="make <b>all</b>").click()
    expect(page).to_have_url(re.compile(f"tool_call={claude.session_id}"))
