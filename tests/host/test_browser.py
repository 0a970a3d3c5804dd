"""Opening the dashboard where there is a desktop, and keeping quiet where there is none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from claude_mpm_monitor.host.browser import open_browser

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a Linux desktop's opener")


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pipe into which a stand-in for xdg-open writes the address; it talks a lot, too."""
    pipe = tmp_path / "opened"
    os.mkfifo(pipe)
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho noise\necho noise >&2\nprintf %s "$1" >{pipe}\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{opener.parent}{os.pathsep}{os.environ['PATH']}")
    return pipe


def test_the_address_is_handed_to_the_desktop_without_a_word(
    opened: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    url = "http://localhost:8765/?a=1&b=$(id)"

    assert open_browser(url, {"DISPLAY": ":0"})
    assert opened.read_text() == url
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "environment",
    [{}, {"DISPLAY": ":0", "CLAUDE_MPM_NO_BROWSER": "1"}, {"DISPLAY": ":0", "CI": "true"}],
    ids=["headless", "switched off", "ci"],
)
def test_no_browser_where_none_is_wanted(opened: Path, environment: dict[str, str]) -> None:
    assert not open_browser("http://localhost:8765", environment)


def test_no_browser_where_nothing_opens_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert not open_browser("http://localhost:8765", {"DISPLAY": ":0"})
