"""What a tool call is about."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.model.tools import file_touched, tool_detail

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("tool", "given_input", "detail"),
    [
        ("Bash", {"description": "Build", "command": "make all"}, "make all"),
        ("Read", {"limit": 3, "file_path": "/a/b.py"}, "/a/b.py"),
        ("Grep", {"path": "/src", "pattern": "def .*"}, "def .*"),
        ("Agent", {"subagent_type": "qa", "description": "Test it"}, "qa: Test it"),
        ("Task", {"prompt": "Look around"}, "Look around"),
        ("mcp__x__y", {"unheard_of": "value"}, "value"),
        ("Bash", {"command": "one\n\n  two"}, "one two"),
        ("Bash", {"command": 3}, ""),
        ("Bash", None, ""),
        ("AskUserQuestion", {"questions": [{"header": "Db", "question": "Which?"}]}, "Which?"),
        ("mcp__x__y", {"paths": ["/a", "/b"], "deep": True}, "/a"),
        ("TaskCreate", {"description": "All of it", "subject": "Test"}, "Test"),
        ("TaskUpdate", {"taskId": "3", "status": "completed"}, "3 · completed"),
        (
            "TodoWrite",
            {
                "todos": [
                    {"content": "Look", "status": "completed"},
                    {"content": "Build", "status": "in_progress"},
                    {"content": "Test", "status": "pending"},
                ]
            },
            "3 todos · 1 done · Build",
        ),
        ("TodoWrite", {"todos": ["odd", {"content": 3, "status": "in_progress"}]}, "2 todos"),
    ],
)
def test_the_detail_is_the_input_that_says_most(tool: str, given_input: Any, detail: str) -> None:
    assert tool_detail(tool, given_input) == detail


@pytest.mark.parametrize(
    ("tool", "given_input", "touched"),
    [
        ("Read", {"file_path": "/a"}, ("read", "/a")),
        ("Write", {"file_path": "/a"}, ("write", "/a")),
        ("MultiEdit", {"file_path": "/a"}, ("edit", "/a")),
        ("NotebookEdit", {"notebook_path": "/n.ipynb"}, ("edit", "/n.ipynb")),
        ("Bash", {"file_path": "/a"}, None),
        ("Read", {"file_path": ""}, None),
        ("Read", {"file_path": ["/a"]}, None),
        ("Read", "/a", None),
    ],
)
def test_a_file_is_touched_by_tools_that_name_one(
    tool: str, given_input: Any, touched: tuple[str, str] | None
) -> None:
    assert file_touched(tool, given_input) == touched


@given(st.sampled_from(["Bash", "Agent", "Read", "TaskUpdate", "TodoWrite", "x"]), anything)
def test_no_input_is_too_strange(tool: str, given_input: Any) -> None:
    assert "\n" not in tool_detail(tool, given_input)
    file_touched(tool, given_input)
