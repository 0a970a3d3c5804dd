"""One running monitor for all tests that keep to sessions of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from testkit.page import Page
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import post

from claude_mpm_monitor.monitor import Monitor

_numbers = count(1)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    with Monitor(home=tmp_path_factory.mktemp("shared"), port=0) as monitor:
        yield monitor


@pytest.fixture
def talk() -> Talk:
    """A session nobody else talks about."""
    return Talk(f"session-{next(_numbers)}")


@pytest.fixture
def told(running: Monitor) -> Callable[..., None]:
    """Tell the monitor hook payloads, and wait until they are analyzed."""

    def tell(*payloads: dict[str, Any]) -> None:
        for payload in payloads:
            assert post(running.port, "/hooks/claude", payload).status == 204
        last = running.query.last_seq()
        eventually(lambda: running.status()["consumer"]["seq"] >= last)

    return tell


@pytest.fixture
def page(running: Monitor) -> Iterator[Callable[..., Page]]:
    """Open pages; they are closed after the test."""
    pages: list[Page] = []

    def open_page(**options: Any) -> Page:
        pages.append(Page(running.url, **options))
        return pages[-1]

    yield open_page
    for opened in pages:
        opened.close()
