"""The order of documents in a list, and where a page of it goes on."""

from __future__ import annotations

import msgspec


class Sorting(msgspec.Struct, frozen=True, kw_only=True):
    """An order of documents by a field of their value, and where a page of it goes on.

    `missing` stands for the field where a value has none and gives its type; `past` and
    `past_key` are the field and the key of the document that a page follows, if it follows one.
    `least` keeps to documents whose field is that or more.
    """

    field: str
    missing: int | str
    descending: bool
    past: int | str | None = None
    past_key: str = ""
    least: int | str | None = None
