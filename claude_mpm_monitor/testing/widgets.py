"""Checks of widgets without a browser: does the module load, render, and keep to the contract?"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from claude_mpm_monitor.model.widget import WidgetSpec
from claude_mpm_monitor.static import STATIC_ROOT

_HERE = Path(__file__).resolve().parent
_SECONDS = 20.0
#: Older ones cannot have their imports resolved by us.
_NODE = (20, 6)
_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^;"'()]*?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']""", re.M
)
_PROVIDED = re.compile(r"lit(/.*)?|@mpm-monitor/sdk")
_DEFAULT = re.compile(r"^\s*export\s+default\b|\bas\s+default\b", re.M)

Documents = Mapping[str, Mapping[str, Mapping[str, Any]]]


class WidgetCheck(msgspec.Struct, frozen=True):
    """What a check found.

    `text` is what the widget shows, without its markup, "" where that cannot be known; `problems`
    and `unchecked` are sentences: what is wrong, and what only a browser (or Node.js) can tell.
    """

    text: str
    problems: list[str]
    unchecked: list[str]


def check_widget(
    widget: WidgetSpec,
    documents: Documents | None = None,
    answers: Mapping[str, Any] | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    subject: Mapping[str, Any] | None = None,
    node: str | None = "node",
) -> WidgetCheck:
    """Load and render the widget by Node.js; without it, or with ``node=None``, read its files.

    :param documents: what the page has, by topic and key.
    :param answers: what `monitor.api.get` answers, by path below ``/api/v1/``, and what
        `monitor.ask` does, by plugin and name with a space between.
    :param settings: the widget's settings, where they differ from the defaults.
    :param subject: what a drawing is to show, as the inspector has it:
        ``{"type": "tool_call", "call": …}`` or ``{"type": "event", "event": …}``.
    """
    module = widget.static_dir / widget.module
    if not module.is_file():
        return WidgetCheck("", [f"there is no {module}"], [])
    program = shutil.which(node) if node else None
    if program is None or _version(program) < _NODE:
        return _read(module, widget.static_dir)
    given = {
        "module": str(module.resolve()),
        "own": str(widget.static_dir.resolve()),
        "statics": str(STATIC_ROOT),
        "config": _config(widget, settings or {}),
        "documents": documents or {},
        "answers": answers or {},
        "subject": subject,
    }
    return _run(program, given)


def _config(widget: WidgetSpec, settings: Mapping[str, Any]) -> dict[str, Any]:
    unknown = settings.keys() - {setting.name for setting in widget.settings}
    assert not unknown, f"the widget {widget.id} has no setting {min(unknown)!r}"
    return {
        "id": widget.id,
        "title": widget.title,
        "topics": list(widget.topics),
        "settings": {s.name: settings.get(s.name, s.default) for s in widget.settings},
    }


def _run(program: str, given: Mapping[str, Any]) -> WidgetCheck:
    try:
        done = subprocess.run(
            [program, str(_HERE / "widget_run.mjs")],
            input=json.dumps(given).encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return WidgetCheck("", [f"it is not done after {_SECONDS:g} s"], [])
    try:
        return msgspec.json.decode(done.stdout, type=WidgetCheck)
    except msgspec.DecodeError:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        return WidgetCheck("", [said[-1] if said else "Node.js ended without a word"], [])


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return tuple(int(part) for part in re.findall(r"\d+", said.stdout)[:2])


def _read(module: Path, own: Path) -> WidgetCheck:
    """Look at the module and at what it imports, without running anything."""
    problems, seen, todo = [], set[Path](), [module.resolve()]
    if not _DEFAULT.search(_code(module)):
        problems.append("it has no default export that extends HTMLElement")
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        code = _code(path)
        if "customElements.define" in code:
            problems.append("it calls customElements.define: the page does that")
        for specifier in _imports(code):
            target = (path.parent / specifier).resolve()
            if _PROVIDED.fullmatch(specifier):
                continue
            if not specifier.startswith((".", "/")):
                problems.append(f'it imports "{specifier}", which the page does not provide')
            elif not target.is_relative_to(own.resolve()):
                problems.append(f'it imports "{specifier}", which is none of its own files')
            elif not target.is_file():
                problems.append(f'it imports "{specifier}", which is not there')
            else:
                todo.append(target)
    unchecked = ["that it runs and what it shows: there is no Node.js 20.6 or newer here"]
    return WidgetCheck("", problems, unchecked)


def _imports(code: str) -> Iterator[str]:
    return (one or other for one, other in _IMPORT.findall(code))


def _code(path: Path) -> str:
    """The file without its comments."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", text, flags=re.S | re.M)
