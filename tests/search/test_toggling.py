"""Comparisons go into the text of a query and out of it; the rest stays as it was written."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claude_mpm_monitor.search.language import All, Comparison, Node
from claude_mpm_monitor.search.parser import parse
from claude_mpm_monitor.search.toggling import Switched

VALUES = st.text(st.characters(codec="utf-8", exclude_characters='"'), min_size=1).filter(str.strip)


@pytest.mark.parametrize(
    ("query", "switched"),
    [
        ("", "tool:Bash"),
        ("retry", "retry tool:Bash"),
        ("tool:Bash", ""),
        ("retry  tool:bash   build", "retry build"),
        ('"a b" tool:"Bash" dur>5s', '"a b" dur>5s'),
        ("a OR b", "(a OR b) tool:Bash"),
        ("a OR tool:Bash", "(a OR tool:Bash) tool:Bash"),
        ("(a OR b) tool:Bash", "(a OR b)"),
        ("-tool:Bash", "-tool:Bash tool:Bash"),
        ("NOT tool:Bash", "NOT tool:Bash tool:Bash"),
        ("(tool:Bash)", "(tool:Bash) tool:Bash"),
        ("tool:Bash*", "tool:Bash* tool:Bash"),
    ],
)
def test_a_comparison_is_switched(query: str, switched: str) -> None:
    assert Switched(query).switch("tool", "Bash") == switched
    assert Switched(query).has("tool", "Bash") is (len(switched) < len(query))


def test_the_values_asked_for_are_known() -> None:
    query = Switched('project:"/w/my shop" error tool:Bash (tool:Read) -tool:Edit')

    assert query.values("tool") == ["Bash"]
    assert query.values("project") == ["/w/my shop"]


def comparisons(node: Node) -> list[tuple[str, str]]:
    nodes = node.nodes if isinstance(node, All) else (node,)
    return [(one.field, one.value) for one in nodes if isinstance(one, Comparison)]


@given(VALUES)
@example("OR")
@example("NOT")
@example("-a")
def test_any_value_is_asked_for_and_taken_back(value: str) -> None:
    query = Switched("a OR b").switch("project", value)

    assert comparisons(parse(query)) == [("project", value)]
    assert Switched(query).has("project", value)
    assert Switched(query).switch("project", value) == "(a OR b)"
