"""Facts are kept by what was told of them, in few documents, whatever the order."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.analysis.told_facts import SHARING, ToldFacts
from claude_mpm_monitor.testing.analyzers import MemoryDocuments

TOPIC = "_told"
Told = list[tuple[str, int]]


def noted(told: Told) -> tuple[MemoryDocuments, list[int]]:
    """Note facts one after another; return the documents, and which sources each was known of."""
    documents, count, found = MemoryDocuments(), 0, []
    documents.topics = (TOPIC,)
    for name, source in told:
        before = ToldFacts(documents, (TOPIC, "s/tool_calls"), count).note(name, source)
        count += not before
        found.append(before)
    return documents, found


@given(st.lists(st.tuples(st.integers(0, 90).map(str), st.sampled_from([1, 2, 4]))))
def test_who_told_a_fact_before_is_known(told: Told) -> None:
    known: dict[str, int] = {}
    expected = []
    for name, source in told:
        expected.append(known.get(name, 0))
        known[name] = known.get(name, 0) | source

    assert noted(told)[1] == expected


@pytest.mark.parametrize("facts", [1, SHARING - 1, SHARING, 5 * SHARING + 3, 3_000])
def test_documents_share_facts_and_are_the_same_in_any_order(facts: int) -> None:
    told = [(f"toolu_{number}", source) for number in range(facts) for source in (1, 2)]
    documents = noted(told)[0].all(TOPIC)
    shuffled = told.copy()
    Random(facts).shuffle(shuffled)

    assert noted(shuffled)[0].all(TOPIC) == documents
    assert sum(map(len, documents.values())) == facts
    assert len(documents) <= facts // SHARING + 1
    assert max(map(len, documents.values())) < 5 * SHARING


def test_a_name_that_is_no_unicode_is_a_fact_too() -> None:
    assert noted([("\ud800", 1), ("\ud800", 2)])[1] == [0, 1]
