"""Recognise ``claude-mpm run --monitor`` while Python starts, and get ready to take it over.

``claude-mpm monitor status`` is recognised as well, so that it can tell of us.

This is imported by a ``.pth`` line in processes we are only guests of: standard library only, and
nothing heavier than ``os`` and ``sys`` until the command line is known to be ours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

HOST_MODULES = ("claude_mpm", "claude_mpm.cli", "claude_mpm.__main__")
#: Options of the Python interpreter that take the next argument as their value.
_VALUED_OPTIONS = ("-W", "-X", "--check-hash-based-pycs")


def activate() -> None:
    """Prepare what this process of the host needs of us, if anything. Idempotent."""
    if os.environ.get("CLAUDE_MPM_MONITOR") == "0":
        return
    arguments = host_arguments(sys.orig_argv)
    if arguments is None:
        return
    if "--monitor" in own_arguments(arguments):
        from claude_mpm_monitor.host import seams

        seams.watch()
    elif list(arguments[:2]) in (["monitor"], ["monitor", "status"]):
        from claude_mpm_monitor.host import status_command

        status_command.watch()


def host_arguments(command_line: Sequence[str]) -> list[str] | None:
    """What follows the program's name when `command_line` starts claude-mpm, else None.

    `command_line` is `sys.orig_argv`: the interpreter and its options come first. Understands
    the console script of any folder (``claude-mpm``, ``claude-mpm.exe``) and ``-m claude_mpm``.
    """
    rest = list(command_line[1:])
    while rest:
        word = rest.pop(0)
        if word == "-m":
            return rest[1:] if rest and rest[0] in HOST_MODULES else None
        if word.startswith("-m"):
            return rest if word[2:] in HOST_MODULES else None
        if word in _VALUED_OPTIONS:
            del rest[:1]
        elif word == "-c" or not word.startswith("-"):
            return rest if _is_host_script(word) else None
        elif word[-1] == "m" and not word.startswith(("--", "-X", "-W")):
            rest.insert(0, "-m")  # a cluster such as -Im
    return None


def own_arguments(arguments: Sequence[str]) -> Sequence[str]:
    """The host's own part of `arguments`: what stands after ``--`` is Claude Code's."""
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def _is_host_script(path: str) -> bool:
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    return name.removesuffix(".exe").removesuffix("-script.py") == "claude-mpm"
