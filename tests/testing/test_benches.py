"""The benches say of analyzers and rules what a monitor would make of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from claude_mpm_monitor import Condition
from claude_mpm_monitor.analysis.spans import SpanAnalyzer
from claude_mpm_monitor.testing import Clock, RuleBench, Session, apply_events, check_analyzer


class Prompts:
    """Counts prompts in its documents, as it should."""

    name = "prompts"
    version = 1
    topics: tuple[str, ...] = ("prompts",)
    kinds = frozenset({"UserPromptSubmit"})

    def apply(self, event: Any, documents: Any) -> None:
        counted = documents.get("prompts", event.session_id) or {"count": 0}
        counted["count"] += 1
        documents.put("prompts", event.session_id, counted)


class Forgetful(Prompts):
    """Counts them in itself."""

    def __init__(self) -> None:
        self.count = 0

    def apply(self, event: Any, documents: Any) -> None:
        self.count += 1
        documents.put("prompts", event.session_id, {"count": self.count})


class Settling(Prompts):
    """What it keeps depends on how often it is asked to settle."""

    kinds = None  # type: ignore[assignment]

    def settle(self, documents: Any) -> None:
        settled = documents.get("prompts", "settled") or {"count": 0}
        documents.put("prompts", "settled", {"count": settled["count"] + 1})


class Intruder(Prompts):
    topics = ("others",)


def talk() -> Session:
    return Session("s").start().prompt("One").stop().prompt("Two").stop().end()


def test_an_analyzer_is_run_as_a_monitor_runs_it() -> None:
    assert check_analyzer(Prompts(), talk().events()).all("prompts") == {"s": {"count": 2}}


def test_the_built_in_analyzer_keeps_to_the_contract() -> None:
    documents = check_analyzer(SpanAnalyzer(), talk().events())

    assert documents.all("session")["s"]["turns"] == 2


@pytest.mark.parametrize(
    ("analyzer", "message"),
    [
        (Forgetful(), "prompts: prompts forgets over a restart"),
        (Settling(), "prompts: a rebuild gives other documents than live"),
        (Intruder(), "'prompts' is none of the analyzer's topics"),
    ],
)
def test_an_analyzer_that_breaks_its_contract_is_told_how(analyzer: Any, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_analyzer(analyzer, talk().events())


def test_documents_of_others_can_be_given() -> None:
    known = {"prompts": {"s": {"count": 5}}}

    assert apply_events(Prompts(), talk().events(), known).all("prompts")["s"] == {"count": 7}


class Waits:
    name = "waits"
    topics: tuple[str, ...] = ("session",)

    def conditions(self, change: Any) -> Iterator[Condition]:
        since = change.value["since"]
        yield Condition(key=change.key, holds=since > 0, since=since, title="T", after_seconds=60)


def test_a_rule_fires_when_its_time_has_come_and_is_over_when_the_document_says_so() -> None:
    clock = Clock()
    bench = RuleBench(Waits(), clock)

    assert bench.look("session", "s", {"since": clock.now}) == []
    assert bench.pass_time(59) == []
    (fired,) = bench.pass_time(1)
    (over,) = bench.look("session", "s", {"since": 0})
    assert (fired.state, over.state) == ("firing", "resolved")
