"""Finding: one thing the doctor looked at, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: "problem" must be mended, "warning" will cost something one day, "note" is good to know.
State = Literal["ok", "note", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """What a check found. `remedy` is what the reader can do, in the imperative."""

    check: str
    state: State
    text: str
    remedy: str = ""
