"""Row: one figure of a benchmark."""

from __future__ import annotations

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured (`name`), the figure, its unit, and what to know about it."""

    name: str
    value: float
    unit: str
    note: str = ""
