"""A snippet shows where the words of a query stand, and marks them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.events import new_event

from claude_mpm_monitor.search.language import QueryError
from claude_mpm_monitor.search.snippets import BEFORE, FROM, Snippets
from claude_mpm_monitor.search.words import words_of


def event(text: str, **fields: Any) -> Any:
    payload = json.dumps({"tool_response": {"stdout": text}}).encode()
    return new_event(payload=payload, **{"kind": "PostToolUse", "tool_name": "Bash", **fields})


def snippet(query: str, text: str, **fields: Any) -> list[str]:
    return Snippets(query).of(event(text, **fields))


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("refused", ["the Connection ", "refused", " it, café"]),
        ("connect", ["the ", "Connection", " refused it, café"]),
        ('"connect"', []),
        ('"connection refused"', ["the ", "Connection refused", " it, café"]),
        ("CAFE", ["…Connection refused it, ", "café", ""]),
        ("refused OR it", ["the Connection ", "refused", " ", "it", ", café"]),
        ("refused -it tool:Bash", ["the Connection ", "refused", " it, café"]),
        ("tool:Bash", []),
        ("", []),
        ("absent", []),
    ],
)
def test_words_are_marked_where_they_stand(query: str, parts: list[str]) -> None:
    assert snippet(query, "the Connection refused it, café") == parts


def test_it_is_a_piece_round_the_first_of_them() -> None:
    parts = snippet("needle", f"{'hay ' * 300}a needle{' hay' * 300}")

    assert parts[0] == "…hay hay hay hay hay a "
    assert parts[1] == "needle"
    assert parts[2].endswith("…")
    assert sum(map(len, parts)) <= BEFORE + FROM + 2


def test_it_begins_with_a_line_and_is_one_line() -> None:
    assert snippet("needle", "first\n\tthe needle\n  is here") == [" the ", "needle", " is here"]


def test_what_the_list_shows_anyway_comes_first() -> None:
    assert snippet("make", "make: done", summary="Bash: make it") == ["Bash: ", "make", " it"]


def test_what_is_no_query_is_refused() -> None:
    with pytest.raises(QueryError):
        Snippets('"open')


@given(st.text(max_size=60), st.text(max_size=60))
def test_parts_are_the_text_as_it_stands(before: str, behind: str) -> None:
    text = f"{before} needle {behind}"
    parts = snippet("needle", text)

    assert len(parts) % 2 == 1
    assert all(words_of(part) == [part.lower()] for part in parts[1::2] if part.isascii())
    assert "".join(parts).strip("…").strip() in " ".join(f"{text} ".split()) + " "
