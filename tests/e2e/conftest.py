"""A monitor with a store of its own, a program that plays Claude Code, and a headless Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from claude_mpm_monitor import Monitor

from .claude import Claude

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

OpenPage = Callable[..., Page]


def find_browser() -> str | None:
    """Return the path of a Chromium, None when this machine has none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each gets pages of its own."""
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the test's monitor keeps its store."""
    return tmp_path / "monitor"


@pytest.fixture
def monitor(home: Path) -> Iterator[Monitor]:
    """A running monitor on a free port."""
    with Monitor(home=home, port=0) as monitor:
        yield monitor


@pytest.fixture
def claude(monitor: Monitor) -> Claude:
    """A Claude Code session that reports to the monitor."""
    return Claude(monitor.port)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open the dashboard; whatever script error a page has fails the test in the end."""
    context = browser.new_context(viewport={"width": 1400, "height": 800}, locale="en-GB")
    context.set_default_timeout(10_000)
    faults: list[str] = []

    def open_page(monitor: Monitor, address: str = "#/events") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://localhost:{monitor.port}/{address}")
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    context.close()
    assert faults == []
