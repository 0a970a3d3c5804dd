"""Tail: follows the transcripts of live sessions and hands over each line as it is written.

Which files those are is learnt from Claude Code's hooks alone: they name the session's transcript,
and its agents write beside it. The reading is the importer's, and so are the bookmarks: a monitor
that starts anew goes on where the one before it ended, however that came.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import structlog

from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.ingest.importer import Importer, Receipt
from claude_mpm_monitor.model.event import LIVE_TRANSCRIPT, Event, Raw
from claude_mpm_monitor.pipeline.delivering import deliver, receipt
from claude_mpm_monitor.pipeline.followed import FAST_SECONDS, FollowedFile, FollowedSession
from claude_mpm_monitor.pipeline.intake import Intake
from claude_mpm_monitor.pipeline.left_open import LeftOpen
from claude_mpm_monitor.storage.bookmarks import ImportBookmarks
from claude_mpm_monitor.storage.database import Database

#: Lines committed at once: few, because a hook that comes meanwhile waits for them.
BATCH_LINES = 100
#: From a SessionEnd to the last look (seconds): agents in the background may write a little more.
LINGER_SECONDS = 1.0
#: A session not heard of for this long is not followed any more, until it is (seconds).
FORGOTTEN_SECONDS = 3_600.0
#: How often to ask whether the sessions left open are known by now (seconds).
ASKING_SECONDS = 0.25
#: Between two looks at what was heard (seconds): hooks may come by the thousand.
GATHERING_SECONDS = FAST_SECONDS
#: Events that may wait to be looked at for the files they name.
HEARD = 1_000
#: When a file or the store could not be read or written, try again after this (seconds).
RETRY_SECONDS = 1.0
#: The ways by which Claude Code's own hook payloads come in.
HOOK_DIALECTS = frozenset({"claude_hook", "mpm"})
#: Where hook payloads name transcripts.
_NAMING = ("transcript_path", "agent_transcript_path")


class Tail:
    """Follows transcripts on a thread of its own, which sleeps while no session is live."""

    def __init__(
        self,
        database: Database,
        intake: Intake,
        left_open: LeftOpen,
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._database = database
        self._intake = intake
        self._left_open = left_open
        self._log = log
        # What is passed over while the thread waits for the store is told again by the next hook.
        self._heard: deque[Event] = deque(maxlen=HEARD)
        self._asking = False
        self._sessions: dict[str, FollowedSession] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mpm-monitor-tail", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout: float) -> bool:
        """Read what is there of the live sessions, as far as time allows, and end the thread."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
            # Whatever is not read now is read by the next monitor.
            self._hurry.set()
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def heard(self, raw: Raw, events: Sequence[Event]) -> None:
        """Take note of a delivery. Any thread; costs next to nothing."""
        if raw.dialect in HOOK_DIALECTS and events:
            self._heard.extend(events)
            self._wake.set()

    def pick_up(self) -> None:
        """Follow the sessions that the owner of the store before this one left open."""
        self._asking = True
        self._wake.set()

    def following(self) -> dict[str, int]:
        """How many sessions and files are followed. Any thread."""
        sessions = list(self._sessions.values())
        return {"sessions": len(sessions), "files": sum(len(s.files) for s in sessions)}

    # ---- below: the thread

    def _run(self) -> None:
        with closing(ImportBookmarks(self._database)) as bookmarks:
            importer = Importer((), self._submit, bookmarks, batch_lines=BATCH_LINES)
            reader = _Reader(importer, bookmarks, self._hurry)
            last = False
            while not last:
                last = self._stopping.is_set()
                next_at = time.monotonic() + GATHERING_SECONDS
                pause = self._guarded_turn(reader, last=last)
                if not last:
                    self._wake.wait(pause)
                    self._stopping.wait(max(0.0, next_at - time.monotonic()))
                self._wake.clear()

    def _guarded_turn(self, reader: _Reader, *, last: bool) -> float | None:
        try:
            self._note_heard()
            if self._asking:
                self._ask()
            return self._look(reader, last=last)
        except MonitorError:
            self._hurry.set()
            self._stopping.set()
        except Exception:  # noqa: BLE001  the thread outlives whatever goes wrong in one turn
            self._log.exception("following the transcripts failed")
        return RETRY_SECONDS

    def _submit(self, raws: list[Raw]) -> Receipt:
        live = [
            msgspec.structs.replace(raw, source=LIVE_TRANSCRIPT)
            if raw.dialect == "transcript"
            else raw
            for raw in raws
        ]
        return receipt(deliver(self._intake, live))

    def _ask(self) -> None:
        sessions, complete = self._left_open.find()
        self._asking = not complete
        now = time.monotonic()
        for found in sessions:
            if found.session_id in self._sessions:
                continue
            session = self._sessions[found.session_id] = FollowedSession(found.session_id)
            session.add(found.transcript, now)
            if found.project:
                session.add_records(found.project)
            session.complete_at = now if found.over else None

    def _note_heard(self) -> None:
        now = time.monotonic()
        acting: set[tuple[str, str]] = set()
        while self._heard:
            event = self._heard.popleft()
            session = self._named_by(event, now)
            if session is not None:
                acting.add((event.session_id, event.agent_id))
                session.complete_at = now + LINGER_SECONDS if event.kind == "SessionEnd" else None
        for session_id, agent_id in acting:
            self._sessions[session_id].touch(now, agent_id)

    def _named_by(self, event: Event, now: float) -> FollowedSession | None:
        """Return the event's session, None when it is not followed; follow what it names."""
        data, session = event.data(), self._sessions.get(event.session_id)
        for name in _NAMING:
            path = data.get(name)
            if not event.session_id or not isinstance(path, str) or not path:
                continue
            if session is not None and session.knows(path):
                continue
            named = Path(path)
            if named.suffix == ".jsonl" and named.is_absolute():
                if session is None:
                    session = self._sessions[event.session_id] = FollowedSession(event.session_id)
                session.add(named, now)
        if session is not None and event.project:
            session.add_records(event.project)
        return session

    def _look(self, reader: _Reader, *, last: bool) -> float | None:
        """Read what is due; return how long to sleep, None when nothing is followed."""
        due: list[float] = [time.monotonic() + ASKING_SECONDS] if self._asking else []
        for session in list(self._sessions.values()):
            now = time.monotonic()
            complete = last or (session.complete_at is not None and now >= session.complete_at)
            if complete or any(file.due <= now for file in session.files.values()):
                session.find_files(now)
            for file in list(session.files.values()):
                if complete or file.due <= now:
                    self._read(reader, file, now)
            if complete or now - session.active_at > FORGOTTEN_SECONDS:
                del self._sessions[session.session_id]
                continue
            due += [file.due for file in session.files.values()]
            if session.complete_at is not None:
                due.append(session.complete_at)
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _read(self, reader: _Reader, file: FollowedFile, now: float) -> None:
        try:
            if file.has_changed(now):
                reader.read(file)
        except (OSError, sqlite3.OperationalError) as error:
            file.forget(time.monotonic() + RETRY_SECONDS)
            self._log.warning("cannot follow now", path=str(file.path), error=str(error))


class _Reader:
    """Reads on in a file where the bookmark is. The tail's thread only."""

    def __init__(
        self, importer: Importer, bookmarks: ImportBookmarks, cancel: threading.Event
    ) -> None:
        self._importer = importer
        self._bookmarks = bookmarks
        self._cancel = cancel

    def read(self, file: FollowedFile) -> None:
        if file.was_rewritten():
            self._importer.start_over(file.path)
        self._importer.read_on(file.path, self._cancel)
        bookmark = self._bookmarks.get(str(file.path))
        if bookmark is not None:
            file.was_read_to(bookmark[3])
