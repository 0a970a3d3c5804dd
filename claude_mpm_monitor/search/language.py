"""The language of the search box: what a query may be, as a tree.

    retry "connection refused" tool:Bash -status:ok (agent:tester OR agent:engineer) dur>5s

Words must all occur; `OR` between two things means either, `-` or `NOT` before one means it must
not hold, parentheses group. ``field:value`` compares a field, with `*` for any letters; numbers
compare by ``>``, ``>=``, ``<`` and ``<=``. A word of three letters and more, or one that ends in
`*`, finds every word that begins so; quoted it finds itself alone. Upper and lower case are the
same everywhere.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Operator = Literal[":", ">", ">=", "<", "<="]


class QueryError(ValueError):
    """A query that cannot be understood; the message is a sentence for who wrote it.

    `position` and `length` say which letters of the query it is about; `suggestion` is what they
    were perhaps meant to be, "" when nobody knows.
    """

    def __init__(self, message: str, position: int, length: int, suggestion: str = "") -> None:
        super().__init__(message)
        self.position = position
        self.length = length
        self.suggestion = suggestion


class Text(msgspec.Struct, frozen=True):
    """Words that must occur in this order, one after another; the last one may be a beginning."""

    words: str
    beginning: bool = False


class Comparison(msgspec.Struct, frozen=True):
    """A field compared with a value as it was written. `position` is where the value stands."""

    field: str
    operator: Operator
    value: str
    position: int = 0


class Not(msgspec.Struct, frozen=True):
    """What must not hold."""

    node: Node


class All(msgspec.Struct, frozen=True):
    """What must all hold; nothing, when there is none."""

    nodes: tuple[Node, ...] = ()


class Any(msgspec.Struct, frozen=True):
    """Of what at least one must hold."""

    nodes: tuple[Node, ...]


Node = Text | Comparison | Not | All | Any
