"""`mpm-monitor search` finds what the search box does, and says when that is nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from claude_mpm_monitor import Monitor

Run = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A store with one prompt."""
    home = tmp_path / "home"
    with Monitor(home=home, port=0) as monitor:
        monitor.emit("UserPromptSubmit", {"prompt": "Mend it"}, session_id="s-1", wait=True)
    return home


def test_what_fits_is_listed(home: Path, mpm_monitor: Run) -> None:
    done = mpm_monitor("search", "--home", home, "kind:UserPromptSubmit")

    assert done.returncode == 0, done.stderr
    assert "Mend it" in done.stdout


def test_nothing_that_fits_is_said(home: Path, mpm_monitor: Run) -> None:
    done = mpm_monitor("search", "--home", home, "tool:Never")

    assert (done.returncode, done.stdout) == (0, "Nothing fits.\n"), done.stderr


def test_scripts_get_the_payloads_or_an_empty_list(home: Path, mpm_monitor: Run) -> None:
    found, nothing = (
        json.loads(mpm_monitor("search", "--home", home, "--json", query).stdout)
        for query in ("kind:UserPromptSubmit", "tool:Never")
    )

    assert [event["payload"] for event in found] == [{"prompt": "Mend it"}]
    assert nothing == []


def test_what_is_wrong_with_a_query_is_marked(home: Path, mpm_monitor: Run) -> None:
    done = mpm_monitor("search", "--home", home, "tool:Bash (status:error")

    assert done.returncode == 1
    assert "tool:Bash (status:error\n            ^" in done.stderr
