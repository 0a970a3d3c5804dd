"""Tie a child's life to ours: had we become claude, killing us would have ended claude."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def follow(parent: int) -> Callable[[], None] | None:
    """What the child has to do before exec so that it ends when process `parent` is killed.

    SIGTERM, so that it can leave the terminal in order. None where there is no such thing
    (anything but Linux: there a lost terminal ends it), and off the main thread, because Linux
    goes by the thread that made the child.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_for_signal() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent:  # killed in the meantime
            os.kill(os.getpid(), signal.SIGTERM)

    return ask_for_signal
