"""One of all processes derives."""

from __future__ import annotations

import os
from pathlib import Path

from claude_mpm_monitor.pipeline.ownership import Ownership


def test_only_one_holds_it_until_it_lets_go(tmp_path: Path) -> None:
    one, other = Ownership(tmp_path / "lock"), Ownership(tmp_path / "lock")

    assert one.acquire()
    assert one.acquire()
    assert not other.acquire()
    assert (one.held, other.held) == (True, False)

    one.release()
    one.release()
    assert other.acquire()
    other.release()


def test_trying_in_vain_leaves_no_descriptor_behind(tmp_path: Path) -> None:
    one, other = Ownership(tmp_path / "lock"), Ownership(tmp_path / "lock")
    one.acquire()
    before = len(os.listdir("/proc/self/fd"))

    for _ in range(20):
        other.acquire()

    assert len(os.listdir("/proc/self/fd")) == before
    one.release()
