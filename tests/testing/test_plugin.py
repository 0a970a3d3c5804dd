"""The fixtures, as another project's tests use them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = """
from claude_mpm_monitor import Setting, hookimpl


@hookimpl
def monitor_register_settings():
    return [Setting(name="word", default="tea", help="A word.")]


@hookimpl
def monitor_register_sinks(settings):
    class Sink:
        name = settings.word

        def deliver(self, alert):
            pass

    return [Sink()]
"""
TESTS = """
import os
import pytest
import words


@pytest.fixture
def monitor_plugins():
    return [words]


@pytest.fixture
def monitor_settings():
    return {"words": {"word": "coffee"}}


def test_the_plugin_gets_its_settings(monitor):
    (state,) = [state for state in monitor.plugins.states() if state["name"] == "words"]
    assert state["adds"]["sinks"] == ["coffee"]


def test_a_session_is_shown(monitor, claude_session):
    claude_session.start().prompt("Hello").tell(monitor)
    assert monitor.query.counts()["sessions"] == 1


def test_the_users_home_is_out_of_reach(monitor, tmp_path):
    assert os.environ["HOME"].startswith(str(tmp_path))
    assert monitor.config.home == tmp_path / "monitor"


def test_only_what_is_asked_for_is_loaded(monitor):
    loaded = [state["name"] for state in monitor.plugins.states() if state["state"] == "active"]
    assert loaded == ["builtin", "words"]


@pytest.mark.xfail(strict=True, raises=AssertionError)
def test_a_plugin_that_does_not_load_fails_the_test(start_monitor):
    class Broken:
        from claude_mpm_monitor import hookimpl

        @hookimpl
        def monitor_started(self, nonsense):
            pass

    start_monitor([Broken()])


@pytest.mark.xfail(strict=True, raises=AssertionError)
def test_a_plugin_that_is_not_installed_fails_the_test(start_monitor):
    start_monitor(["no_such_plugin"])
"""


#: What costs time to start, and is not used here.
WITHOUT = ("-p", "no:cacheprovider", "-p", "no:playwright", "-p", "no:hypothesispytest")


@pytest.mark.timeout(90)
def test_another_projects_tests_have_a_monitor_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "words.py").write_text(PLUGIN)
    (tmp_path / "test_words.py").write_text(TESTS)

    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", *WITHOUT, "."],
        capture_output=True,
        text=True,
        check=False,
        timeout=80,
        cwd=tmp_path,
    )

    assert "4 passed, 2 xfailed" in result.stdout, result.stdout + result.stderr


def test_pytest_starts_without_importing_what_no_test_uses(tmp_path: Path) -> None:
    script = (
        "import sys; import claude_mpm_monitor.testing.plugin;"
        "print(*(name for name in ('eventlet', 'socketio', 'werkzeug') if name in sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path
    )

    assert result.stdout.split() == []
