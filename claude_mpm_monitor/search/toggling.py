"""A comparison put into the text of a query, or taken out of it, as a filter that is switched."""

from __future__ import annotations

import re
from itertools import pairwise

from claude_mpm_monitor.search.lexer import Token, tokens

#: What a query reads as a value without quotation marks: nothing that it takes for a sign or a word
#: of its own.
_BARE = re.compile(r"(?!-|(?:OR|NOT)\Z)[\w./@+-]+")


def quoted(value: str) -> str:
    """Return a value as a query has it. No quotation mark can stand in one: any letter will do."""
    return value if _BARE.fullmatch(value) else f'"{value.replace(chr(34), "*")}"'


class Switched:
    """A query, and those it becomes by one more comparison by `:`, or one less."""

    def __init__(self, query: str) -> None:
        self._query = query.strip()
        self._top = list(_top_level(list(tokens(self._query))))
        self._alternatives = any(token.kind == "or" for token in self._top)
        #: The comparisons that all of what is found fulfils, and where they stand.
        self._found = [] if self._alternatives else _comparisons(self._top)
        self._places = {_key(field, value): place for field, value, place in self._found}

    def has(self, field: str, value: str) -> bool:
        """Tell whether the query asks for this very value, of all that it finds."""
        return _key(field, value) in self._places

    def values(self, field: str) -> list[str]:
        """Return the values of a field that the query asks for."""
        return [value for name, value, _ in self._found if name == field]

    def switch(self, field: str, value: str) -> str:
        """Return the query without the comparison if it has it, else with it."""
        place = self._places.get(_key(field, value))
        if place is not None:
            before, behind = self._query[: place[0]], self._query[place[1] :]
            return f"{before.rstrip()} {behind.lstrip()}".strip()
        query = f"({self._query})" if self._alternatives else self._query
        return f"{query} {field}:{quoted(value)}".strip()


def _key(field: str, value: str) -> tuple[str, str]:
    return field, value.replace('"', "*").lower()


def _top_level(every: list[Token]) -> list[Token]:
    """Return the tokens outside of parentheses, and the parentheses."""
    found, depth = [], 0
    for token in every:
        depth -= token.kind == ")"
        if depth <= 0:
            found.append(token)
        depth += token.kind == "("
    return found


def _comparisons(top: list[Token]) -> list[tuple[str, str, tuple[int, int]]]:
    found = []
    for index, (field, value) in enumerate(pairwise(top)):
        negated = index > 0 and top[index - 1].kind == "not"
        if field.kind == "field" and field.operator == ":" and not negated:
            place = (field.position, value.position + value.length)
            found.append((field.text, value.text, place))
    return found
