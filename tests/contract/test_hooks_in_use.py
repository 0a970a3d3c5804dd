"""Every hook is used by something built in, and an example shows how."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest
from claude_mpm_monitor.hookspecs import SPECIFICATIONS

ROOT = Path(__file__).resolve().parents[2]
HOOKS = [name for module in SPECIFICATIONS for name in vars(module) if name.startswith("monitor_")]
#: What every monitor loads, and what it loads besides in a run of claude-mpm.
BUILT_IN = (
    ROOT / "claude_mpm_monitor" / "plugins" / "builtin.py",
    ROOT / "claude_mpm_monitor" / "host" / "claude_hooks.py",
)
EXAMPLES = tuple((ROOT / "examples").rglob("*.py"))


def implemented(paths: Iterable[Path]) -> set[str]:
    """Return the functions that are marked as implementations of hooks."""
    return {
        node.name
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(mark) == "hookimpl" for mark in node.decorator_list)
    }


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_used_by_what_is_built_in(hook: str) -> None:
    assert hook in implemented(BUILT_IN)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_shown_by_an_example(hook: str) -> None:
    assert hook in implemented(EXAMPLES)
