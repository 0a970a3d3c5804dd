"""Parser: a query's tokens as a tree."""

from __future__ import annotations

import re
from typing import cast

from claude_mpm_monitor.search.language import (
    All,
    Any,
    Comparison,
    Node,
    Not,
    Operator,
    QueryError,
    Text,
)
from claude_mpm_monitor.search.lexer import Token, tokens

#: Longer queries and deeper ones are nobody's (and would be a burden to compile).
LONGEST, DEEPEST, MOST = 2_000, 20, 200
#: Shorter words stand for themselves: too much begins with one or two letters.
SHORTEST_BEGINNING = 3
_LETTERS = re.compile(r"\w", re.UNICODE)


def parse(query: str) -> Node:
    """Return the tree of a query, `All()` of an empty one; raises QueryError."""
    if len(query) > LONGEST:
        raise QueryError(f"A query may have {LONGEST:,} letters at most.", LONGEST, len(query))
    return _Parser(query).whole()


class _Parser:
    def __init__(self, query: str) -> None:
        self._tokens = list(tokens(query))
        if len(self._tokens) > MOST:
            position = self._tokens[MOST].position
            message = f"A query may have {MOST} words and signs at most."
            raise QueryError(message, position, len(query) - position)
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._alternatives()
        if (token := self._peek()) is not None:
            raise QueryError("This parenthesis closes nothing.", token.position, 1)
        return node

    def _peek(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _alternatives(self) -> Node:
        """Return what stands until the end or a closing parenthesis: `OR` binds least."""
        found = [self._sequence()]
        while (token := self._peek()) is not None and token.kind == "or":
            self._next += 1
            following = self._sequence()
            if found[-1] == All() or following == All():
                raise QueryError("OR needs something on either side.", token.position, 2)
            found.append(following)
        return found[0] if len(found) == 1 else Any(tuple(found))

    def _sequence(self) -> Node:
        found: list[Node] = []
        while (token := self._peek()) is not None and token.kind not in ("or", ")"):
            self._next += 1
            node = self._term(token)
            if node != All():
                found.append(node)
        return found[0] if len(found) == 1 else All(tuple(found))

    def _term(self, token: Token) -> Node:
        if token.kind == "not":
            return self._negation(token)
        if token.kind == "(":
            return self._group(token)
        if token.kind == "field":
            return self._comparison(token)
        return _text(token)

    def _negation(self, token: Token) -> Node:
        following = self._peek()
        if following is None or following.kind in ("or", ")"):
            raise QueryError("Nothing follows that must not hold.", token.position, token.length)
        self._next += 1
        node = self._nested(token, following)
        if isinstance(node, Text) and following.kind == "word" and following.text[-1] != "*":
            # Who does not want `note` does not mean `notebook`.
            node = Text(node.words)
        return All() if node == All() else Not(node)

    def _nested(self, opening: Token, token: Token) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError("This is nested too deeply.", opening.position, opening.length)
        node = self._term(token)
        self._depth -= 1
        return node

    def _group(self, token: Token) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError("This is nested too deeply.", token.position, token.length)
        node = self._alternatives()
        closing = self._peek()
        if closing is None:
            raise QueryError("This parenthesis is not closed.", token.position, 1)
        self._next += 1
        self._depth -= 1
        return node

    def _comparison(self, field: Token) -> Node:
        value = self._peek()
        beside = field.position + field.length
        if value is None or value.position != beside or value.kind not in ("word", "quoted"):
            raise QueryError(
                f"{field.text}{field.operator} needs a value right behind it.",
                field.position,
                field.length,
            )
        self._next += 1
        operator = cast("Operator", field.operator)
        return Comparison(field.text, operator, value.text, value.position)


def _text(token: Token) -> Node:
    """Return what a word or a quotation looks for; signs alone are no words."""
    if not _LETTERS.search(token.text):
        return All()
    if token.kind == "quoted":
        return Text(token.text)
    beginning = token.text.endswith("*") or len(token.text) >= SHORTEST_BEGINNING
    return Text(token.text.rstrip("*"), beginning)
