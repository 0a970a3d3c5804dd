"""Modules and functions stay small enough to be read at one go."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sorted(
    path
    for folder in ("claude_mpm_monitor", "hookspecs", "static", "tools", "tests", "examples")
    for path in (ROOT / folder).rglob("*.py")
    if not {"vendor", "build"} & set(path.relative_to(ROOT).parts)
)
JAVASCRIPT = sorted(
    path
    for folder in ("static", "examples")
    for path in (ROOT / folder).rglob("*.js")
    if not {"vendor", "build"} & set(path.relative_to(ROOT).parts)
)

MODULE_LINES = 400
FUNCTION_LINES = 60
JAVASCRIPT_LINES = 250


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_a_python_module_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MODULE_LINES, "split it by noun"


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_a_function_has_at_most_60_lines(path: Path) -> None:
    long = {
        function.name: (function.end_lineno or 0) - function.lineno + 1
        for function in functions(ast.parse(path.read_text()))
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES
    }

    assert not long


@pytest.mark.parametrize("path", JAVASCRIPT, ids=name)
def test_a_javascript_module_has_at_most_250_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= JAVASCRIPT_LINES, "split it by noun"


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text())

    assert ast.get_docstring(tree) or not tree.body, "the first line is a docstring"
