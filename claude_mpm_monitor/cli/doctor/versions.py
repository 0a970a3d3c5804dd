"""Are Python, claude-mpm and Claude Code there, and do they fit?"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from claude_mpm_monitor import __version__
from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.host.cli import HTTP_HOOKS_SINCE, Version, parse_version


def check(config: Config) -> Iterator[Finding]:
    """Report the versions of everything that takes part."""
    python = f"Python {platform.python_version()} ({sys.executable})"
    yield Finding("versions", "ok", f"claude-mpm-monitor {__version__} on {python}")
    yield _claude_mpm()
    yield _claude()


def _claude_mpm() -> Finding:
    try:
        return Finding("claude-mpm", "ok", f"claude-mpm {version('claude-mpm')}, same environment")
    except PackageNotFoundError:
        elsewhere = shutil.which("claude-mpm")
    if elsewhere is None:
        return Finding(
            "claude-mpm",
            "note",
            "claude-mpm is not installed; plain Claude Code can be watched without it",
            "For plain `claude`: run `mpm-monitor hooks install`.",
        )
    python = interpreter_of(Path(elsewhere)) or "<its python>"
    return Finding(
        "claude-mpm",
        "warning",
        f"claude-mpm ({elsewhere}) lives in another environment, where this monitor is not",
        f"Install it there as well: {python} -m pip install claude-mpm-monitor",
    )


def interpreter_of(script: Path) -> str | None:
    """Return the Python a console script runs with, as its first line says, or None."""
    try:
        with script.open(errors="replace") as file:
            first = file.readline().strip()
    except OSError:
        return None
    path = first.removeprefix("#!").strip().strip('"')
    return path if first.startswith("#!") and Path(path).name.startswith("python") else None


def _claude() -> Finding:
    path = shutil.which("claude")
    if path is None:
        return Finding(
            "claude",
            "warning",
            "no `claude` on PATH: there is nothing to watch live, only sessions to import",
            "Install Claude Code, or add its folder to PATH.",
        )
    found = claude_version(path)
    if not found:
        return Finding(
            "claude",
            "problem",
            f"{path} does not answer to --version",
            "Run `claude --version` yourself and mend what it says.",
        )
    text = f"Claude Code {'.'.join(map(str, found))} ({path})"
    if found < HTTP_HOOKS_SINCE:
        return Finding(
            "claude",
            "note",
            f"{text} knows no HTTP hooks: each event costs it a short command instead",
            "Upgrade Claude Code to spare that.",
        )
    return Finding("claude", "ok", text)


def claude_version(path: str) -> Version:
    """Return what `path --version` says, () when it says nothing of the kind."""
    try:
        result = subprocess.run(
            [path, "--version"],
            capture_output=True,
            text=True,
            timeout=15,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return parse_version(result.stdout)
