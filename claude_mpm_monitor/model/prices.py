"""PriceBook: what a plugin knows of models' prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class PriceBook(msgspec.Struct, frozen=True, kw_only=True):
    """Prices of some models, as a user's ``prices.toml`` has them below ``models``.

    A model's name leads to a table of USD per million tokens (``input``, ``output``,
    ``cache_read``, ``cache_write_5m``, ``cache_write_1h``), or to a list of such tables, each with
    the date ``from`` which it holds. See docs/cost.md.
    """

    name: str
    models: Mapping[str, Any]
