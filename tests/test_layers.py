"""Imports point down the layers, never up or sideways.

Imports inside functions count as well: a layer is about who knows whom, not about when.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "claude_mpm_monitor"
SOURCES = {
    PACKAGE: ROOT / PACKAGE,
    f"{PACKAGE}.hookspecs": ROOT / "hookspecs",
    f"{PACKAGE}.static": ROOT / "static",
}

#: Lowest first. Parts of one row are siblings and never import one another.
LAYERS = (
    ("errors", "replacing", "static"),
    ("access", "config", "logs", "runtime"),
    ("model", "pricing"),
    ("hookspecs", "search", "sample"),
    ("plugins", "ingest", "storage", "analysis", "alerting", "export"),
    ("pipeline", "reporting"),
    ("server",),
    ("monitor",),
    ("host",),
    ("cli", "testing"),
    ("__main__",),
)
RANK = {part: rank for rank, row in enumerate(LAYERS) for part in row}

#: The built-in plugin is handed over to the loader by name like any other plugin, so it stands
#: above everything it registers.
BUILTIN_PLUGIN = f"{PACKAGE}.plugins.builtin"
#: Runs inside Claude Code's hook process: a program of its own.
HOOK_PROGRAM = f"{PACKAGE}.hook"


def modules() -> dict[str, Path]:
    found = {}
    for prefix, folder in SOURCES.items():
        for path in folder.rglob("*.py"):
            dotted = ".".join((prefix, *path.relative_to(folder).with_suffix("").parts))
            found[dotted.removesuffix(".__init__")] = path
    return found


def imports(path: Path) -> set[str]:
    """Our own modules imported by `path`, those for type checkers only left out."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module == PACKAGE:
            names.update(f"{PACKAGE}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return {name for name in names if name.startswith(f"{PACKAGE}.")}


def part(module: str) -> str:
    return module.split(".")[1]


LAYERED = sorted(
    module
    for module in modules()
    if module not in (PACKAGE, BUILTIN_PLUGIN) and not module.startswith(HOOK_PROGRAM + ".")
)


@pytest.mark.parametrize("module", [m for m in LAYERED if m != HOOK_PROGRAM])
def test_a_module_imports_only_from_lower_layers(module: str) -> None:
    here = part(module)
    assert here in RANK, f"{module} belongs to no layer: add it to LAYERS"

    wrong = {
        name
        for name in imports(modules()[module])
        if part(name) in RANK and part(name) != here and RANK[part(name)] >= RANK[here]
    }

    assert not wrong, f"{module} imports {sorted(wrong)}, which do not stand below it"


def test_the_hook_program_imports_nothing_of_ours() -> None:
    hook_modules = [m for m in modules() if m == HOOK_PROGRAM or m.startswith(HOOK_PROGRAM + ".")]

    for module in hook_modules:
        assert imports(modules()[module]) == set(), module


def test_only_one_module_imports_eventlet() -> None:
    users = {
        module
        for module, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Import) and any(a.name.startswith("eventlet") for a in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("eventlet"))
    }

    assert users == {f"{PACKAGE}.server.green"}
