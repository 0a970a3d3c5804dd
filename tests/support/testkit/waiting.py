"""Patience: the one place where tests wait for something they cannot be told about."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(predicate: Callable[[], T], seconds: float = 10.0) -> T:
    """Return what the predicate returns as soon as that is true; fail after `seconds`."""
    until = time.monotonic() + seconds
    while not (found := predicate()):
        assert time.monotonic() < until, f"not true after {seconds} s: {predicate}"
        time.sleep(0.005)
    return found
