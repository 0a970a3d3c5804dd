"""Metric: a figure of a plugin's own, for programs that collect such figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

Reading = float | Mapping[str, float]


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One figure, or one for each value of `label`; shown at ``/metrics``.

    `name` is made of a-z, 0-9 and ``_`` and ends with the unit ("deploys_total",
    "wait_seconds"). `read` is given what ``GET /api/v1/status`` tells at the moment, and returns
    the figure, or with a `label` a figure for each of its values. A "counter" only ever rises.
    """

    name: str
    help: str
    read: Callable[[Mapping[str, Any]], Reading]
    kind: Literal["counter", "gauge"] = "gauge"
    label: str = ""
