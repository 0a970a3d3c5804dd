"""Plays the sample session into a monitor, at the pace of a real one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.sample.recorder import Step

SOURCE = "sample"
#: The first part is there at once, as if the page had been opened in the middle of the work.
HEAD_START_SECONDS = 12.0


def replay(
    steps: list[Step],
    ingest: Callable[[Raw], object],
    sleep: Callable[[float], object],
    *,
    head_start: float = HEAD_START_SECONDS,
    clock: Callable[[], float] = time.time,
) -> None:
    """Hand each step to `ingest` when its time has come.

    `sleep` waits for so many seconds; when it returns something true, the replay ends early.
    """
    began = clock() - head_start
    for step in steps:
        delay = began + step.at - clock()
        if delay > 0 and sleep(delay):
            return
        ingest(
            Raw(
                dialect="claude_hook",
                body=json.dumps(step.payload, ensure_ascii=False).encode(),
                at=int((began + step.at) * 1_000_000),
                source=SOURCE,
            )
        )
