"""The host's own dashboard, out of the installed package, in a browser against our server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server.host_contract.bundled import find_build

from .conftest import Post, hook, tool

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.host]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


@pytest.fixture
def page() -> Iterator[Page]:
    api = pytest.importorskip("playwright.sync_api")
    find_build.cache_clear()
    if CHROMIUM is None or find_build() is None:
        pytest.skip("needs Chromium and a claude-mpm that brings a dashboard")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser.new_page(viewport={"width": 1400, "height": 900})
        browser.close()


def test_it_shows_history_and_then_live_events(monitor: Monitor, post: Post, page: Page) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    post(hook("UserPromptSubmit", prompt="hello"))
    post(tool("PreToolUse"))

    page.goto(f"{monitor.url}/mpm")
    page.get_by_text("2 events").wait_for(timeout=10_000)
    assert page.get_by_text("Connected").is_visible()

    post(tool("PostToolUse", tool_response={"stdout": "a.py"}))
    page.get_by_text("3 events").wait_for(timeout=10_000)
    page.get_by_text("Tools", exact=True).click()
    page.get_by_text("1 tools").wait_for(timeout=10_000)
    assert faults == []


def test_after_a_reload_it_shows_each_event_once(monitor: Monitor, post: Post, page: Page) -> None:
    post(tool("PreToolUse", 1))
    page.goto(f"{monitor.url}/mpm")
    page.get_by_text("1 events").wait_for(timeout=10_000)
    post(tool("PreToolUse", 2))
    page.get_by_text("2 events").wait_for(timeout=10_000)

    page.reload()

    page.get_by_text("2 events").wait_for(timeout=10_000)
    post(tool("PreToolUse", 3))
    page.get_by_text("3 events").wait_for(timeout=10_000)
