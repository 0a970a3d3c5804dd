"""Where Claude Code keeps the sessions of this user."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def claude_config_dir() -> Path:
    """Return Claude Code's own folder: $CLAUDE_CONFIG_DIR or ~/.claude."""
    return Path(os.environ.get("CLAUDE_CONFIG_DIR") or "~/.claude").expanduser()


def transcript_files(projects: Path) -> Iterator[Path]:
    """Yield every transcript below a `projects` folder, those of subagents included."""
    return projects.rglob("*.jsonl")
