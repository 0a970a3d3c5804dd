"""The monitor's own log: JSON lines in its folder, rotated, never on the terminal Claude owns."""

from __future__ import annotations

import logging
import logging.handlers
import queue
from pathlib import Path

import structlog

_ROOT = "claude_mpm_monitor"
MAX_BYTES = 2_000_000
KEPT_FILES = 3


class LogFile:
    """Sends what the monitor logs to a file, from any thread, without waiting for the disk."""

    def __init__(self, path: Path) -> None:
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, delay=True, encoding="utf-8"
        )
        waiting: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._listener = logging.handlers.QueueListener(waiting, handler)
        self._enter = logging.handlers.QueueHandler(waiting)
        self._file = handler

        root = logging.getLogger(_ROOT)
        root.propagate = False
        root.setLevel(logging.INFO)
        root.addHandler(self._enter)
        self.logger = new_logger(root)

    def start(self) -> None:
        """Write what was logged so far, and from now on."""
        self._listener.start()

    def close(self) -> None:
        """Write what is left and close the file."""
        logging.getLogger(_ROOT).removeHandler(self._enter)
        self._listener.stop()
        self._file.close()


def new_logger(logger: logging.Logger) -> structlog.typing.FilteringBoundLogger:
    """Return a structlog logger over `logger`, leaving the process's own structlog settings be."""
    wrapped: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        logger,
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        context_class=dict,
        cache_logger_on_first_use=False,
    )
    return wrapped
