"""`mpm-monitor plugins new`."""

from __future__ import annotations

import keyword
import re
import sys
from importlib.resources import files
from pathlib import Path

import click

from claude_mpm_monitor.cli.output import home_option, say
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError

_PACKAGE = {
    "pyproject.toml": "pyproject.toml.txt",
    "README.md": "README.md.txt",
    "@@MODULE@@/__init__.py": "init.py.txt",
    "@@MODULE@@/analysis.py": "analysis.py.txt",
    "@@MODULE@@/static/@@NAME@@.js": "widget.js.txt",
    "tests/test_@@MODULE@@.py": "test.py.txt",
}
_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")


@click.command("new", short_help="Write a new plugin that works and passes its tests.")
@click.argument("name")
@click.option("--single-file", is_flag=True, help="One file in the plugins folder, no package.")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to; by default here, and for a single file the plugins folder.",
)
@home_option
def command(name: str, single_file: bool, directory: Path | None, home: Path | None) -> None:
    """Write a new plugin NAME: a report, a widget and their tests, to be changed into yours.

    Nothing that exists is overwritten.
    """
    words = _words(name)
    if single_file:
        folder = directory or Config.from_environment(home=home).plugins_folder
        _write(folder / f"{words['@@MODULE@@']}.py", "single.py.txt", words)
        _say_single(folder / f"{words['@@MODULE@@']}.py", words)
        return
    folder = (directory or Path()) / words["@@NAME@@"]
    if folder.exists():
        raise MonitorError(f"{folder} exists already; choose another name or --directory.")
    for path, template in _PACKAGE.items():
        _write(folder / _filled(path, words), template, words)
    _say_package(folder, words)


def _words(name: str) -> dict[str, str]:
    """Return what stands for the placeholders, or raise MonitorError."""
    if not _NAME.fullmatch(name):
        raise MonitorError(
            f"{name!r} cannot be a plugin's name: small letters, digits, and hyphens between them."
        )
    module = name.replace("-", "_")
    if module in sys.stdlib_module_names or module in ("claude_mpm_monitor", "builtin", "tests"):
        raise MonitorError(f"{module!r} is the name of a module that exists; choose another one.")
    if keyword.iskeyword(module):
        raise MonitorError(f"{module!r} is a word of Python's own; choose another one.")
    parts = module.split("_")
    return {
        "@@NAME@@": "-".join(parts),
        "@@MODULE@@": module,
        "@@CLASS@@": "".join(part.capitalize() for part in parts),
        "@@TITLE@@": " ".join(parts).capitalize(),
    }


def _write(path: Path, template: str, words: dict[str, str]) -> None:
    text = (files("claude_mpm_monitor.cli.scaffold") / template).read_text(encoding="utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_filled(text, words))
    except FileExistsError:
        raise MonitorError(f"{path} exists already; choose another name.") from None


def _filled(text: str, words: dict[str, str]) -> str:
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text


def _say_package(folder: Path, words: dict[str, str]) -> None:
    say(f"Wrote {folder}. It works as it is:")
    say("")
    say(f"    cd {folder}")
    say("    pip install -e '.[test]'     # into the environment the monitor runs in")
    say("    pytest                       # a real monitor, a made-up session")
    say("    mpm-monitor serve            # loads it; its report and widget are on the tab Board")
    say("")
    say(f"Then make {words['@@MODULE@@']}/analysis.py find what you are after.")


def _say_single(path: Path, words: dict[str, str]) -> None:
    say(f"Wrote {path}. It works as it is:")
    say("")
    say("    mpm-monitor plugins          # says whether it loads")
    say("    mpm-monitor serve            # loads it; its report is on the tab Board")
    say("")
    say(f"Then make {words['@@CLASS@@']}.run find what you are after.")
