"""Fixtures every test shares. No test sees the settings, sessions or monitor of its user."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from signal import default_int_handler

import hypothesis
import pytest

# No deadlines: the machine may be busy. Nothing is kept between runs beside the checkout.
# `pytest --hypothesis-profile=thorough` looks longer.
hypothesis.settings.register_profile("unit", max_examples=25, deadline=None, database=None)
hypothesis.settings.register_profile("thorough", max_examples=1_000, deadline=None, database=None)
hypothesis.settings.load_profile("unit")


def pytest_configure() -> None:
    """Undo what children would inherit from a runner in the background (nohup, `&` in a script)."""
    for number, usual in ((signal.SIGHUP, signal.SIG_DFL), (signal.SIGINT, default_int_handler)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


@pytest.fixture(autouse=True)
def private_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own, none of our (or Claude's) variables; returns the folder."""
    for name in list(os.environ):
        if name.startswith(("CLAUDE_", "ANTHROPIC_")):
            monkeypatch.delenv(name)
    home = tmp_path / "user"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CLAUDE_MPM_NO_BROWSER", "1")
    return home
