"""The pytest plugin: fixtures for tests of monitor plugins.

Loaded wherever this package is installed, so no server is imported before a fixture is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from claude_mpm_monitor.monitor import Monitor
    from claude_mpm_monitor.testing.session import Session

SettingsTables = Mapping[str, Mapping[str, bool | int | float | str]]


@pytest.fixture
def monitor_plugins() -> Iterable[object]:
    """Which plugins the monitor has beside the built-in one: override it in your tests.

    Modules or objects with hooks, or the names of installed plugins. Whatever else is installed
    is left out.
    """
    return ()


@pytest.fixture
def monitor_settings() -> SettingsTables:
    """What plugins.toml says, as a table for each plugin: override it in your tests."""
    return {}


@pytest.fixture
def monitor_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder for monitors. The user's own, and Claude's variables, are out of reach."""
    for name in list(os.environ):
        if name.startswith(("CLAUDE_", "ANTHROPIC_")):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CLAUDE_MPM_NO_BROWSER", "1")
    return tmp_path / "monitor"


@pytest.fixture
def start_monitor(monitor_home: Path) -> Iterator[Callable[..., Monitor]]:
    """Start monitors: ``start_monitor(plugins=[…], settings={…})``. They end with the test.

    Fails the test when one of `plugins` does not load.
    """
    from claude_mpm_monitor.testing.starting import new_monitor

    with ExitStack() as stack:

        def start(plugins: Iterable[object] = (), settings: SettingsTables | None = None) -> Any:
            return stack.enter_context(new_monitor(monitor_home, plugins, settings or {}))

        yield start


@pytest.fixture
def monitor(
    start_monitor: Callable[..., Monitor],
    monitor_plugins: Iterable[object],
    monitor_settings: SettingsTables,
) -> Monitor:
    """A running monitor on a free port, with `monitor_plugins` and `monitor_settings`."""
    return start_monitor(monitor_plugins, monitor_settings)


@pytest.fixture
def claude_session() -> Session:
    """A Claude Code session of your own making: see `claude_mpm_monitor.testing.Session`."""
    from claude_mpm_monitor.testing.session import Session

    return Session()
