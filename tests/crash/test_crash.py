"""Monitors are killed again and again, in the middle of everything; nothing acknowledged is lost.

`MONITOR_CRASH_KILLS=200 pytest -m crash -s` is the long form. `MONITOR_CRASH_SEED` repeats the
choice of what is killed when, as far as a seed can.
"""

from __future__ import annotations

import os
import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from testkit.waiting import eventually

from claude_mpm_monitor.monitor import Monitor

from .harness import Harness, HookProducer, Producer, Watch

pytestmark = pytest.mark.crash

KILLS = int(os.environ.get("MONITOR_CRASH_KILLS", "20"))
SEED = int(os.environ.get("MONITOR_CRASH_SEED", "0")) or random.randrange(1, 10**9)
TOPICS = ("session", "turn", "agent", "tool_call", "file")
#: Tool calls: alerts of the monitor's own are events, too.
STORED = (
    "SELECT session_id, tool_use_id FROM events "
    "WHERE tool_use_id <> '' AND session_id NOT LIKE 'old-%'"
)


def documents(monitor: Monitor) -> dict[str, Any]:
    last = monitor.query.last_seq()
    eventually(lambda: monitor.status()["consumer"]["seq"] >= last, 120)
    # Those of sessions that are being given up may be there or not.
    return {
        f"{topic}/{found.key}": found.value
        for topic in TOPICS
        for found in monitor.query.every_document(topic)
        if not found.session_id.startswith("old-")
    }


def say_availability(watch: Watch, kills: int) -> None:
    each = watch.down / kills
    print(
        f"somebody listened for {1 - watch.down / watch.total:.3%} of {watch.total:.0f} s, with a "
        f"kill every {watch.total / kills:.1f} s; {each * 1_000:.0f} ms without for each kill, "
        f"{watch.longest:.2f} s at most: 99.9 % with one kill every {each / 0.001:.0f} s"
    )


@pytest.mark.timeout(KILLS * 6 + 240)
def test_nothing_acknowledged_is_lost_or_repeated_however_often_monitors_are_killed(
    tmp_path: Path,
) -> None:
    print(f"\nseed {SEED}, {KILLS} kills")
    harness = Harness(tmp_path / "home", SEED)
    watch = Watch(harness.port)
    producers = [Producer(harness.ports, name) for name in ("s-0", "s-1", "s-2", "old-0")]
    hooks = [HookProducer(harness.home, f"hook-{number}") for number in range(2)]
    threads = (watch, *producers, *hooks)
    for thread in threads:
        thread.start()
    while sum(harness.kills.values()) < KILLS:
        harness.round()
    for thread in threads:
        thread.stop.set()
    for thread in threads:
        thread.join(30)
    harness.close()
    told = [told for thread in (*producers, *hooks) for told in thread.acknowledged]
    acknowledged = {each for each in told if not each[0].startswith("old-")} | {*harness.spooled}

    with Monitor(home=harness.home, port=0) as monitor:
        eventually(lambda: not monitor._spool.backlog(), 60)
        derived = documents(monitor)
        with closing(monitor._database.connect(readonly=True)) as connection:
            stored = connection.execute(STORED).fetchall()
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not monitor.status()["store"]["set_aside"]
        monitor._consumer.derive_anew()
        rebuilt = documents(monitor)

    lost = acknowledged - set(stored)
    print(f"kills: {harness.kills}")
    print(f"acknowledged {len(acknowledged)}, stored {len(stored)}, lost {len(lost)}, ", end="")
    print(f"repeated {len(stored) - len(set(stored))}, documents {len(derived)}")
    say_availability(watch, sum(harness.kills.values()))
    assert not lost
    assert len(stored) == len(set(stored))
    assert rebuilt == derived
