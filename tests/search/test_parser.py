"""Queries as people write them, and what is wrong with those that are none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.search.compiler import compile_query
from claude_mpm_monitor.search.language import (
    All,
    Any,
    Comparison,
    Node,
    Not,
    QueryError,
    Text,
)
from claude_mpm_monitor.search.parser import parse

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", All()),
        ("   ", All()),
        ("-- ; ...", All()),
        ("ab", Text("ab")),
        ("abc", Text("abc", beginning=True)),
        ("ab*", Text("ab", beginning=True)),
        ('"abc"', Text("abc")),
        ("one two", All((Text("one", True), Text("two", True)))),
        ("one OR two", Any((Text("one", True), Text("two", True)))),
        ("-one", Not(Text("one"))),
        ("NOT one", Not(Text("one"))),
        ("-one*", Not(Text("one", True))),
        ("-(one*)", Not(Text("one", True))),
        ("-(one two)", Not(All((Text("one", True), Text("two", True))))),
        ("one-two", Text("one-two", True)),
        ("http://host:8765/x", Text("http://host:8765/x", True)),
        ("tool:Bash", Comparison("tool", ":", "Bash", 5)),
        ('TOOL:"a b"', Comparison("tool", ":", "a b", 5)),
        ("dur>=5s", Comparison("dur", ">=", "5s", 5)),
        (
            "a1 (tool:x OR -b1) c1",
            All((Text("a1"), Any((Comparison("tool", ":", "x", 9), Not(Text("b1")))), Text("c1"))),
        ),
    ],
)
def test_a_query_is_read_as_it_is_meant(query: str, tree: Node) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "sentence", "marked"),
    [
        ('tool:Bash "half', "no partner", '"half'),
        ("one (two", "not closed", "("),
        ("one) two", "closes nothing", ")"),
        ("one OR", "either side", "OR"),
        ("OR one", "either side", "OR"),
        ("one -", "", ""),
        ("NOT", "Nothing follows", "NOT"),
        ("tool: Bash", "needs a value", "tool:"),
        ("tol:Bash", "did you mean tool?", "tol"),
        ("zzz:1", "there are tool, status", "zzz"),
        ("status:eror", "one of running, ok, error", "eror"),
        ("dur>fast", "A duration is a number", "fast"),
        ("dur:5s", "more or less", "5s"),
        ("tool>Bash", "has no order", "Bash"),
        ("after:soon", "A time is a date", "soon"),
        ("after:99:99", "A time is a date", "99:99"),
        ("seq>x", "the number of an event", "x"),
        ("(" * 30 + "a" + ")" * 30, "too deeply", "("),
        ("a" * 3_000, "2,000 letters", ""),
    ],
)
def test_what_is_wrong_is_said_and_where(query: str, sentence: str, marked: str) -> None:
    if not sentence:
        assert compile_query(parse(query), NOW)
        return
    with pytest.raises(QueryError) as caught:
        compile_query(parse(query), NOW)

    error = caught.value
    assert sentence in str(error)
    assert query[error.position : error.position + error.length] == marked or not marked


def test_a_slip_is_told_what_it_was_perhaps_meant_to_be() -> None:
    with pytest.raises(QueryError) as caught:
        compile_query(parse("a status:eror"), NOW)

    assert (caught.value.suggestion, caught.value.position) == ("error", 9)


@given(st.text(max_size=60) | st.text('ab" ():-*ORNT><=', max_size=60))
def test_any_text_is_a_query_or_an_error_within_it(query: str) -> None:
    problem, compiled = None, None
    try:
        compiled = compile_query(parse(query), NOW)
    except QueryError as error:
        problem = error

    if compiled is not None:
        assert compiled.where[0].count("?") == len(compiled.where[1])
        assert compiled.unindexed[0].count("?") == len(compiled.unindexed[1])
    else:
        assert problem is not None
        assert 0 <= problem.position <= len(query)
        assert problem.length > 0
