"""The tokens of a query, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from claude_mpm_monitor.search.language import QueryError

_FIELD = re.compile(r"([A-Za-z_]+)(:|>=|<=|>|<)")
_BARE = re.compile(r'[^\s()"]+')


class Token(NamedTuple):
    """A piece of a query. `text` of a "value" or "quoted" is without its quotation marks."""

    kind: Literal["word", "quoted", "field", "or", "not", "(", ")"]
    text: str
    position: int
    length: int
    #: Of a field: how it is compared.
    operator: str = ""


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens; raises QueryError when a quotation mark has no partner."""
    at = 0
    while at < len(query):
        letter = query[at]
        if letter.isspace():
            at += 1
            continue
        token = _one(query, at)
        yield token
        at += token.length


def _one(query: str, at: int) -> Token:
    letter = query[at]
    if letter == "(":
        return Token("(", "(", at, 1)
    if letter == ")":
        return Token(")", ")", at, 1)
    if letter == '"':
        return _quoted(query, at)
    if letter == "-" and query[at + 1 : at + 2].strip():
        return Token("not", "-", at, 1)
    field = _FIELD.match(query, at)
    if field is not None and not query.startswith("//", field.end()):
        return Token("field", field[1].lower(), at, len(field[0]), field[2])
    found = _BARE.match(query, at)
    assert found is not None, "white space, parentheses and quotation marks are dealt with"
    word = found[0]
    if word == "OR":
        return Token("or", word, at, 2)
    if word == "NOT":
        return Token("not", word, at, 3)
    return Token("word", word, at, len(word))


def _quoted(query: str, at: int) -> Token:
    end = query.find('"', at + 1)
    if end < 0:
        raise QueryError(
            "This quotation mark has no partner.", at, len(query) - at, f'{query[at:]}"'
        )
    return Token("quoted", query[at + 1 : end], at, end + 1 - at)
