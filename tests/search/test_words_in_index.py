"""The full-text index has the words that events are looked through for, in every language."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from testkit.events import new_event

from claude_mpm_monitor.search.language import Text
from claude_mpm_monitor.search.text import text_of
from claude_mpm_monitor.search.words import Words, match_of, words_of
from claude_mpm_monitor.storage import migrations
from claude_mpm_monitor.storage.search_index import SearchIndex, texts_of

SAID = st.text(
    st.characters(categories=("Lu", "Ll", "Lo", "Lm", "Mn", "Nd", "No", "Zs", "Po", "Pc", "So")),
    max_size=30,
)


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript("".join(migrations.steps()))
        yield connection


@given(SAID, st.booleans())
@example("Straße in der Straße", False)
@example("мой ёж", False)
@example("한국어 ガラス", True)
@example("Claude\u2122 Code, café's snake_case İstanbul ﬁn", False)
def test_what_an_event_says_is_found_by_the_index_as_by_looking(
    connection: sqlite3.Connection, said: str, beginning: bool
) -> None:
    event = new_event(seq=1, payload=json.dumps({"prompt": said}).encode())
    index = SearchIndex(connection)
    index.extend(texts_of([event]), 1)
    words = Words(text_of(event))
    for word in words_of(said):
        for wanted in (Text(word, beginning), Text(word[:2], beginning), Text(word.upper())):
            found = connection.execute(
                "SELECT count(*) FROM search WHERE search MATCH ?", (match_of(wanted),)
            ).fetchone()
            assert bool(found[0]) == words.have(wanted), wanted
    index.remove(texts_of([event]))
    for word in words_of(said):
        match = match_of(Text(word))
        left = connection.execute("SELECT count(*) FROM search WHERE search MATCH ?", (match,))
        assert left.fetchone() == (0,), word
