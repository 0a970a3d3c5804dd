"""Sessions in git worktrees count for the repository they belong to, as one project.

    cp examples/worktrees.py ~/.claude-mpm/monitor/plugins/

Agents that work side by side are often given a worktree each; without this, every one of them is a
project of its own. The branch, which is the worktree's, stays.
"""

from __future__ import annotations

import os.path
from functools import lru_cache
from pathlib import Path

import msgspec

from claude_mpm_monitor import Enricher, Event, hookimpl

#: Between a repository and the folder that git keeps for one of its worktrees.
BETWEEN = "/.git/worktrees/"


class Worktrees:
    """Fills in the repository. On the writer thread, for every event: each folder is read once."""

    name = "worktrees"

    def enrich(self, event: Event) -> Event:
        """Return the event with the repository's folder where its project is a worktree's."""
        repository = repository_of(event.project) if event.project else ""
        if repository == event.project:
            return event
        return msgspec.structs.replace(event, project=repository)


@lru_cache(maxsize=1_000)
def repository_of(folder: str) -> str:
    """Return the same folder in the repository that `folder`'s worktree belongs to."""
    place = Path(folder)
    if not place.is_absolute():
        return folder  # of another system
    for root in (place, *place.parents):
        git = root / ".git"
        try:
            if git.is_dir():
                return folder
            pointer = git.read_text().removeprefix("gitdir:").strip()
        except (OSError, ValueError):
            continue
        repository, between, _ = pointer.partition(BETWEEN)
        if not between:
            return folder
        # Git may write the pointer relative to the worktree (worktree.useRelativePaths).
        return os.path.normpath(root / repository / place.relative_to(root))
    return folder


@hookimpl
def monitor_register_enrichers() -> list[Enricher]:
    """Hand it to the monitor. Called once, when it starts."""
    return [Worktrees()]
