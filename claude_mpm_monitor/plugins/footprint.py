"""Footprint: what a plugin's objects take in memory, counted one by one when somebody asks.

Nothing is recorded while plugins work: to trace every allocation would slow all of them down.
Instead, everything that can be reached from what a plugin registered is looked at, as the garbage
collector does it. So a footprint is of data: neither of code, nor of what libraries keep outside of
Python's objects, nor of the stacks of threads. What the process grew by as a plugin was loaded,
code and libraries included, is told by `resident_bytes` before and after.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType, FunctionType, GetSetDescriptorType, ModuleType
from typing import Any, Literal, NamedTuple

import msgspec

#: Objects counted for one plugin at most, and how many between two looks at the clock.
MOST_OBJECTS = 100_000
_BETWEEN_LOOKS = 256
_PACKAGE = __name__.partition(".")[0]
#: The monitor's own machinery, which plugins are handed and may keep: it is not theirs.
_MACHINERY = tuple(
    f"{_PACKAGE}.{part}"
    for part in (
        *("monitor", "server", "pipeline", "host", "plugins", "config", "logs", "runtime"),
        *("storage.query", "storage.database", "storage.known_keys", "pricing.table"),
    )
)
#: Code, and what all of the process shares.
_SHARED = (
    *(type, ModuleType, CodeType, FrameType, GetSetDescriptorType),
    *(logging.Logger, logging.Handler, logging.Manager),
)
_ATOMS = frozenset({str, bytes, bytearray, int, float, bool, type(None)})
_CONTAINERS: tuple[type[Any], ...] = (dict, list, tuple, set, frozenset, deque)
_STATM = Path("/proc/self/statm")


class Footprint(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes that objects take in memory, and how many objects they are.

    Where it is not `complete` it is at least so much: there was more to look at than `MOST_OBJECTS`
    or the time allowed.
    """

    bytes: int = 0
    objects: int = 0
    complete: bool = True


class _Treatment(NamedTuple):
    """How objects of one type are looked at; `container` is the built-in type they extend."""

    kind: Literal["shared", "machinery", "function", "atom", "other"]
    size: Callable[[Any], int] = sys.getsizeof
    container: type[Any] | None = None


class Counting:
    """Counts what several plugins keep; an object that more than one reaches counts for the first.

    One thread. Others may change what is looked at: each object is read while no other thread runs,
    so that nothing can break, but the sum is of no single moment.

    :param until: when to stop, by `time.monotonic` (seconds).
    """

    def __init__(self, until: float) -> None:
        self._until = until
        self._seen: set[int] = set()
        self._treatments: dict[type[Any], _Treatment] = {}

    def of(self, own: Iterable[object], others: Iterable[object] = ()) -> Footprint:
        """Count what can be reached from `own`, and from `others` where that is not the monitor's.

        What is in `own` is gone into even if it is a part of the monitor.
        """
        waiting = [*others]
        for item in own:
            machinery = self._treatment(item).kind == "machinery"
            waiting += gc.get_referents(item) if machinery else [item]
        size = objects = 0
        complete = True
        while waiting:
            item = waiting.pop()
            treatment = self._treatment(item)
            if treatment.kind in ("shared", "machinery") or id(item) in self._seen:
                continue
            if objects >= MOST_OBJECTS or self._is_time_over(objects):
                return Footprint(bytes=size, objects=objects, complete=False)
            self._seen.add(id(item))
            if treatment.kind == "function":
                waiting += _captured(item)
                continue
            size, objects = size + treatment.size(item), objects + 1
            left = max(0, MOST_OBJECTS - objects - len(waiting))
            if treatment.container and treatment.container.__len__(item) > left:
                complete = False
                waiting += _some(item, treatment.container, left)
            elif treatment.kind == "other":
                waiting += gc.get_referents(item)
        return Footprint(bytes=size, objects=objects, complete=complete)

    def _is_time_over(self, objects: int) -> bool:
        return objects % _BETWEEN_LOOKS == 0 and time.monotonic() > self._until

    def _treatment(self, item: object) -> _Treatment:
        # Not `item.__class__`, which its author may answer as they please.
        known = self._treatments.get(type(item))
        if known is None:
            known = self._treatments[type(item)] = _treatment_of(type(item))
        return known


def values_of(module: ModuleType) -> Iterator[object]:
    """Yield what a plugin's module holds: its variables, and those of its classes.

    Of a package, its submodules' as well.
    """
    within = f"{module.__name__}."
    parts = [part for name, part in list(sys.modules.items()) if name.startswith(within)]
    for part in (module, *parts):
        for name, value in list(vars(part).items()):
            if isinstance(value, type):
                if vars(value).get("__module__") == part.__name__:
                    yield from list(vars(value).values())
            elif not name.startswith("__"):
                yield value


def resident_bytes() -> int:
    """Return how much memory the process has, 0 where the system does not tell (macOS)."""
    try:
        pages = int(_STATM.read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _treatment_of(kind: type[Any]) -> _Treatment:
    if issubclass(kind, _SHARED):
        return _Treatment("shared")
    if kind is FunctionType:
        return _Treatment("function")
    if kind in _ATOMS:
        return _Treatment("atom")
    module = f"{vars(kind).get('__module__', '')}."
    if any(module.startswith(f"{part}.") for part in _MACHINERY):
        return _Treatment("machinery")
    container = next((base for base in _CONTAINERS if issubclass(kind, base)), None)
    return _Treatment("other", _sizing(kind), container)


def _sizing(kind: type[Any]) -> Callable[[Any], int]:
    """Return what tells the size of objects of a type, without calling anybody's Python code."""
    told = next(vars(base)["__sizeof__"] for base in kind.__mro__ if "__sizeof__" in vars(base))
    return object.__sizeof__ if isinstance(told, FunctionType) else sys.getsizeof


def _captured(function: Any) -> list[object]:
    """Return what a function keeps besides its code and its module."""
    kept = (function.__closure__, function.__defaults__, function.__kwdefaults__)
    return [each for each in kept if each is not None]


def _some(item: object, container: type[Any], most: int) -> list[object]:
    """Return as many of what a container holds; of a dictionary, of its values."""
    held = dict.values(item) if isinstance(item, dict) else container.__iter__(item)
    try:
        return list(islice(held, most))
    except RuntimeError:
        return []  # it changed meanwhile
