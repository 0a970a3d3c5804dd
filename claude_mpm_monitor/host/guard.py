"""Keep our failures away from the host: one line for the user, the rest in our log."""

from __future__ import annotations

import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType

_log_file: Path | None = None


def log_to(path: Path) -> None:
    """Write the details of failures to `path` from now on."""
    global _log_file
    _log_file = path


def say(text: str) -> None:
    """Tell the user `text`, one line, on standard error."""
    with suppress(OSError, ValueError):  # closed by the host, or the terminal is gone
        sys.stderr.write(f"mpm-monitor: {text}\n")
        sys.stderr.flush()


def note(text: str) -> None:
    """Write `text` to our log, if it can be written."""
    if _log_file is None:
        return
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with suppress(OSError):
        _log_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _log_file.open("a", encoding="utf-8") as file:
            file.write(f"{stamp} host adapter: {text.rstrip()}\n")


class guard:
    """Run the block; an exception in it becomes one line for the user and a traceback in our log.

    :param doing: what failed, such as "starting the monitor".
    :param consequence: what the user has to live with now, a clause without a full stop.

    The host must run as if we were not there, so this takes any exception, but no SystemExit and
    no KeyboardInterrupt.
    """

    def __init__(self, doing: str, *, consequence: str = "") -> None:
        self._doing = doing
        self._consequence = f" ({consequence})" if consequence else ""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        details = "".join(traceback.format_exception(kind, error, trace))
        note(f"{self._doing} failed\n{details}")
        reason = str(error) or type(error).__name__
        say(f"{self._doing} failed: {reason}{self._consequence}")
        return True
