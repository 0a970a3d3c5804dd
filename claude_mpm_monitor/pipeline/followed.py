"""FollowedSession: the transcript files of one live session, and when to look at each again."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from claude_mpm_monitor.ingest.host_records import (
    COMMIT_COSTS,
    HOST_FOLDER,
    is_of_session,
    is_record,
    responses_folder,
)
from claude_mpm_monitor.ingest.transcript import META_SUFFIX

#: How often a file is looked at (seconds): at once after a sign of life, then ever less often.
FAST_SECONDS = 0.01
SLOW_SECONDS = 0.25
QUIET_SECONDS = 1.0
#: A file without a sign of life for this long is quiet.
QUIET_AFTER_SECONDS = 60.0
#: The pause grows to this part of the time without a sign of life.
PATIENCE = 1 / 40
#: Bytes before the place up to which a file was read, by which a rewritten file is told.
ANCHOR_BYTES = 64
#: Two changes of a folder this close (ns) may have the same time.
TICK_NS = 50_000_000

#: A transcript is in <home>/.claude/projects/<project>, and so the host's folder beside it.
_CLAUDE_FOLDER = ".claude"

Seen = tuple[int, int, int]


class FollowedFile:
    """One transcript, or an agent's meta file. Tail thread only."""

    def __init__(self, path: Path, now: float) -> None:
        self.path = path
        #: When something last told that the file is written to (monotonic seconds).
        self.active_at = now
        self.due = now
        self._seen: Seen | None = None
        #: Where reading stopped, and the bytes before that place.
        self._anchor = (0, b"")

    def touch(self, now: float) -> None:
        """Look again at once, and often for a while."""
        self.active_at = self.due = now

    def forget(self, due: float) -> None:
        """Look again at `due`, whether or not the file has changed."""
        self._seen = None
        self.due = due

    def has_changed(self, now: float) -> bool:
        """Whether there may be something new in it; says when to look again, too."""
        seen = _seen(self.path)
        changed = seen is not None and seen != self._seen
        if changed:
            self._seen = seen
            self.active_at = now
        self.due = now + _pause(now - self.active_at)
        return changed

    def was_rewritten(self) -> bool:
        """Whether what was read up to now is no longer what stands there."""
        offset, kept = self._anchor
        return bool(kept) and _before(self.path, offset) != kept

    def was_read_to(self, offset: int) -> None:
        """Remember what stands before the place up to which the file was read."""
        self._anchor = (offset, _before(self.path, offset))


class FollowedSession:
    """The files of one session. Tail thread only."""

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.files: dict[Path, FollowedFile] = {}
        #: The session is over: after this moment (monotonic) its files are complete.
        self.complete_at: float | None = None
        self._folders: dict[Path, int] = {}
        #: Names by which transcripts and projects were added: every event says them again.
        self._names: set[str] = set()
        #: Folders of the host's records; others write there, too.
        self._records: set[Path] = set()

    @property
    def active_at(self) -> float:
        """When there was a last sign of life (monotonic seconds)."""
        return max((file.active_at for file in self.files.values()), default=0.0)

    def knows(self, path: str) -> bool:
        """Tell whether a transcript of that name is followed already."""
        return path in self._names

    def add(self, path: Path, now: float) -> None:
        """Follow a transcript, and what its agents write."""
        self._names.add(str(path))
        self._add_file(path, now)
        if not path.name.startswith("agent-"):
            self._folders.setdefault(path.with_suffix("") / "subagents", 0)
            claude = path.parent.parent.parent
            if claude.name == _CLAUDE_FOLDER:
                self._add_file(claude.parent / HOST_FOLDER / COMMIT_COSTS, now)

    def add_records(self, project: str) -> None:
        """Follow what the host writes down of the session while it works there."""
        if project in self._names:
            return
        self._names.add(project)
        folder = responses_folder(Path(project))
        if folder.is_absolute() and folder not in self._records:
            self._records.add(folder)
            self._folders.setdefault(folder, 0)

    def touch(self, now: float, agent_id: str = "") -> None:
        """Something of the session, or of one of its agents, was heard."""
        for path, file in self.files.items():
            of_agent = path.name.startswith("agent-")
            if is_record(path):
                continue  # no hook tells of those
            if not of_agent or (agent_id and agent_id in path.name):
                file.touch(now)

    def find_files(self, now: float) -> None:
        """Follow agents' files and the host's records that were not there before."""
        pending = list(self._folders)
        while pending:
            folder = pending.pop()
            changed_at = _changed_at(folder)
            if changed_at in (0, self._folders[folder]):
                continue
            settled = time.time_ns() - changed_at > TICK_NS
            self._folders[folder] = changed_at if settled else 0
            for entry in _entries(folder):
                path = Path(entry.path)
                if folder in self._records and not is_of_session(entry.name, self.session_id):
                    continue
                if entry.is_dir(follow_symlinks=False) and path not in self._folders:
                    self._folders[path] = 0
                    pending.append(path)
                elif _is_agents(entry.name) or is_record(path):
                    self._add_file(path, now)

    def _add_file(self, path: Path, now: float) -> None:
        if path not in self.files:
            self.files[path] = FollowedFile(path, now)


def _is_agents(name: str) -> bool:
    return name.startswith("agent-") and name.endswith((".jsonl", META_SUFFIX))


def _pause(quiet: float) -> float:
    if quiet > QUIET_AFTER_SECONDS:
        return QUIET_SECONDS
    return min(max(quiet * PATIENCE, FAST_SECONDS), SLOW_SECONDS)


def _seen(path: Path) -> Seen | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None  # not there yet, or not any more
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _before(path: Path, offset: int) -> bytes:
    start = max(0, offset - ANCHOR_BYTES)
    with path.open("rb") as file:
        file.seek(start)
        return file.read(offset - start)


def _changed_at(folder: Path) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except (OSError, ValueError):
        return 0


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
