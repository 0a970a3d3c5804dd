"""Recovery: the thread that looks after the store itself, in the process that owns it.

It reads all of the file once after the start, and again when a reader met damage; has a damaged
file set aside; and reads what can be read of it back into the store, between what is taken in.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing

import msgspec
import structlog

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.storage.damage import damage_within, is_damage
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.exchange import Aside
from claude_mpm_monitor.storage.salvage import Salvage

#: From owning the store to reading all of it (seconds): what a start needs comes first.
CHECK_AFTER_SECONDS = 5.0
#: Between two transactions of a salvage (seconds).
PAUSE_SECONDS = 0.005
#: When something could not be done now, try again after this (seconds).
RETRY_SECONDS = 5.0


class Recovery:
    """Runs on a thread of its own. `start`, `own`, `stop`: any thread."""

    def __init__(
        self,
        database: Database,
        derive_anew: Callable[[], None],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._database = database
        self._derive_anew = derive_anew
        self._log = log
        self._stop = threading.Event()
        self._owned = threading.Event()
        self._checked = False
        self._thread = threading.Thread(target=self._run, name="mpm-monitor-recovery", daemon=True)

    def start(self) -> None:
        """Start the thread; it looks at the store as a whole once this process owns it."""
        self._thread.start()

    def own(self) -> None:
        """Say that this process owns the store now."""
        self._owned.set()

    def stop(self, timeout: float) -> bool:
        """End the thread; a salvage goes on with the next owner (seconds)."""
        self._stop.set()
        self._owned.set()
        self._database.doubted.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    # ---- below: the thread

    def _run(self) -> None:
        self._owned.wait()
        while not self._stop.is_set():
            pause: float | None = RETRY_SECONDS
            try:
                pause = self._turn()
            except (sqlite3.Error, OSError, StoreError) as error:
                self._log.warning("cannot look after the store now", error=str(error))
            except Exception:  # noqa: BLE001  the thread outlives whatever goes wrong in one turn
                self._log.exception("looking after the store failed")
            if not self._stop.is_set():
                self._database.doubted.wait(pause)

    def _turn(self) -> float | None:
        """Do what there is to do; return how long to sleep, None when only a doubt shall wake."""
        for note in self._database.exchange.notes():
            if note.state == "waiting":
                self._salvage(note)
            elif note.state == "salvaged":
                self._finish(note)
        if (
            self._database.doubted.is_set()
            or self._checked
            or not self._stop.wait(CHECK_AFTER_SECONDS)
        ):
            self._check()
        waiting = any(note.state != "done" for note in self._database.exchange.notes())
        return 0.0 if waiting else None

    def _check(self) -> None:
        if self._checked and not self._database.doubted.is_set():
            return
        self._database.doubted.clear()
        if self._stop.is_set():
            return
        with closing(self._database.connect(readonly=True)) as connection:
            found = damage_within(connection)
            inode = connection.inode
        self._checked = True
        if found:
            self._log.error("the store is damaged and is set aside", reason=found)
            self._database.set_aside(found, inode)

    def _salvage(self, note: Aside) -> None:
        self._log.warning("salvaging", told=note.told)
        salvage = Salvage(self._database, note, lambda: not self._stop.wait(PAUSE_SECONDS))
        try:
            found = salvage.run()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            # Of the new store, not of the one set aside: that is caught where it is read.
            self._database.doubted.set()
            return
        if found is None:
            return
        counts = {"salvaged": found.events, "lost": found.lost}
        note = msgspec.structs.replace(note, state="salvaged", **counts)
        self._database.exchange.write(note)
        self._log.warning("salvaged", events=found.events, lost=found.lost, gaps=found.gaps[:20])
        self._finish(note)

    def _finish(self, note: Aside) -> None:
        """Have everything derived anew, for what was salvaged stands before what was derived."""
        self._derive_anew()
        self._database.exchange.write(msgspec.structs.replace(note, state="done"))
