"""How long does Claude Code keep its transcripts?

What it has deleted cannot be imported any more, and many a user learns of the default too late.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.cli.sources import claude_config_dir, transcript_files
from claude_mpm_monitor.config import Config

SETTING = "cleanupPeriodDays"
DEFAULT_DAYS = 30
COMFORTABLE_DAYS = 90


def check(config: Config) -> Iterator[Finding]:
    """Report the transcripts found and when Claude Code deletes them."""
    projects = claude_config_dir() / "projects"
    count = sum(1 for _ in transcript_files(projects))
    broken = [path for path in settings_files() if _read(path) is None]
    for path in broken:
        yield Finding(
            "settings",
            "problem",
            f"{path} is not valid JSON: Claude Code ignores all of it, hooks included",
            "Mend the file; an editor with JSON support shows the place.",
        )
    days, origin = cleanup_period()
    if days >= COMFORTABLE_DAYS:
        text = f"{count} transcripts in {projects}; deleted after {days} days ({origin})"
        yield Finding("transcripts", "ok", text)
        return
    yield Finding(
        "transcripts",
        "warning",
        f"{count} transcripts in {projects}; Claude Code deletes them after {days} days ({origin})",
        f'Put "{SETTING}": 3650 into {claude_config_dir() / "settings.json"} to keep them, '
        "and run `mpm-monitor import` to have today's in the store.",
    )


def cleanup_period() -> tuple[int, str]:
    """Return the days in force and the file that says so (the default when none does)."""
    for path in settings_files():
        settings = _read(path) or {}
        days = settings.get(SETTING)
        if isinstance(days, int) and not isinstance(days, bool):
            return days, str(path)
    return DEFAULT_DAYS, "Claude Code's default"


def settings_files() -> list[Path]:
    """Return the settings files that exist, strongest first, as Claude Code ranks them."""
    managed = {
        "darwin": Path("/Library/Application Support/ClaudeCode"),
    }.get(sys.platform, Path("/etc/claude-code"))
    candidates = (
        managed / "managed-settings.json",
        Path(".claude/settings.local.json").absolute(),
        Path(".claude/settings.json").absolute(),
        claude_config_dir() / "settings.json",
    )
    return [path for path in dict.fromkeys(candidates) if path.is_file()]


def _read(path: Path) -> dict[str, object] | None:
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
