"""Two monitors on one store, producers that never stop, and kills in the middle of everything."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from testkit.payloads import Talk, body
from testkit.process import Process, free_port
from testkit.waiting import eventually

HOOK = files("claude_mpm_monitor.hook") / "emit.sh"
SCENES = ("writer", "takeover", "drain", "migration", "retention", "backup")
SPOOLED = 60

#: What was acknowledged: a session and a tool call of it.
Told = tuple[str, str]

#: What a store of an earlier version holds before it is brought up to date.
OLDER = 500
#: Opens a store that has the first two steps of the schema, and brings it up to date.
OPENING = f"""
import sqlite3, sys
from pathlib import Path
from claude_mpm_monitor.storage import migrations
from claude_mpm_monitor.storage.database import Database

known, path = migrations.steps(), Path(sys.argv[1])
if not path.exists():
    migrations.steps = lambda: known[:2]
    Database(path)
    with sqlite3.connect(path) as old:
        for number in range({OLDER}):
            old.execute(
                "INSERT INTO events VALUES (?, ?, 's', 'note', 1, 'api', '', '', '', '', '', '', "
                "'', NULL, '{{}}')", (number + 1, number.to_bytes(16, "big")),
            )
            old.execute("INSERT INTO deliveries VALUES (?)", (str(number),))
    old.close()
    migrations.steps = lambda: known
print(flush=True)
Database(path)
"""
BACKUP = "from claude_mpm_monitor.cli.main import main; main()"


class Producer(threading.Thread):
    """Posts hook events to whichever of the ports answers; notes which were acknowledged."""

    def __init__(self, ports: list[int], session: str) -> None:
        super().__init__(daemon=True)
        self._ports, self._session = ports, session
        self.stop = threading.Event()
        self.acknowledged: list[Told] = []

    def run(self) -> None:
        talk, number = Talk(self._session), 0
        while not self.stop.wait(0.005):
            for port in list(self._ports):
                number = self._talk(port, talk, number)

    def _talk(self, port: int, talk: Talk, number: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            while not self.stop.wait(0.002):
                number += 1
                use = f"u-{number}"
                connection.request("POST", "/hooks/claude", body(talk.pre(use, command="x" * 200)))
                response = connection.getresponse()
                response.read()
                if response.status == 204:
                    self.acknowledged.append((self._session, use))
        except (OSError, http.client.HTTPException):
            pass  # it was killed: on to the next
        finally:
            connection.close()
        return number


class HookProducer(threading.Thread):
    """Runs the command hook, which delivers or spools: whatever it was given counts."""

    def __init__(self, home: Path, session: str) -> None:
        super().__init__(daemon=True)
        self._command = ["bash", str(HOOK), str(home / "monitor.json"), str(home / "spool")]
        self._session = session
        self.stop = threading.Event()
        self.acknowledged: list[Told] = []

    def run(self) -> None:
        talk, number = Talk(self._session), 0
        while not self.stop.wait(0.02):
            number += 1
            use = f"h-{number}"
            subprocess.run(self._command, input=body(talk.pre(use)), check=True, timeout=20)
            self.acknowledged.append((self._session, use))


class Watch(threading.Thread):
    """Asks all the time whether anybody answers on the dashboard's port."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._port = port
        self.stop = threading.Event()
        self.total = self.down = self.longest = 0.0

    def run(self) -> None:
        last = went = time.monotonic()
        while not self.stop.wait(0.005):
            up, now = self._is_up(), time.monotonic()
            self.total += now - last
            if up:
                went = now
            else:
                self.down += now - last
                self.longest = max(self.longest, now - went)
            last = now

    def _is_up(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Harness:
    """Kills the owner of the store in one scene after another; another takes over each time."""

    def __init__(self, home: Path, seed: int) -> None:
        self.home, self.port = home, free_port()
        self._random = random.Random(seed)
        self.kills = dict.fromkeys(SCENES, 0)
        self.spooled: list[Told] = []
        self.monitors = [Process(home, self.port), Process(home, self.port)]
        #: The producers look here for whom to talk to.
        self.ports = [monitor.ingest_port for monitor in self.monitors]

    def round(self) -> None:
        """Prepare a scene, kill the owner in the middle of it, start another in its place."""
        scene = self._random.choice(SCENES)
        getattr(self, f"_{scene}", lambda: None)()
        time.sleep(self._random.uniform(0, 0.25))
        self._kill_owner(scene)
        eventually(self._is_owned, 20)

    def close(self) -> None:
        for monitor in self.monitors:
            monitor.kill()

    def _kill_owner(self, scene: str) -> None:
        victim = self.monitors.pop(0)
        victim.kill()
        self.kills[scene] += 1
        self.ports.remove(victim.ingest_port)
        heir = Process(self.home, self.port)
        self.monitors.append(heir)
        self.ports.append(heir.ingest_port)

    def _is_owned(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            pid = json.loads((self.home / "monitor.json").read_bytes())["pid"]
            return any(monitor.pid == pid for monitor in self.monitors)
        return False

    # ---- scenes; in "writer" there is nothing but the load

    def _takeover(self) -> None:
        """The owner goes; its heir is killed as it takes over."""
        self._kill_owner("takeover")

    def _drain(self) -> None:
        talk = Talk(f"spooled-{self._random.randrange(10**12)}")
        for number in range(SPOOLED):
            content = body(talk.pre(f"s-{number}"))
            name = f"{talk.session_id}-{number}"
            head = f"{name} {time.time_ns() // 1_000} {len(content)}\n".encode()
            (self.home / "spool" / f"{name}.ev").write_bytes(head + content)
            self.spooled.append((talk.session_id, f"s-{number}"))

    def _retention(self) -> None:
        """Mark whole sessions as given up; the owner deletes them bit by bit."""
        with closing(sqlite3.connect(self.home / "monitor.db", timeout=20)) as connection:
            connection.execute(
                "INSERT OR IGNORE INTO retired_sessions SELECT session_id, max(seq), 1, 0, "
                "count(*), '{}' FROM events WHERE session_id LIKE 'old-%' GROUP BY session_id"
            )
            connection.commit()

    def _backup(self) -> None:
        target = str(self.home.parent / "copy.db")
        arguments = ["backup", "--force", "--home", str(self.home), target]
        backup = subprocess.Popen([sys.executable, "-c", BACKUP, *arguments])
        time.sleep(self._random.uniform(0.2, 0.6))
        backup.kill()
        backup.wait()
        self.kills["backup"] += 1

    def _migration(self) -> None:
        """A store of an earlier version is opened, and that is cut short."""
        path = self.home.parent / f"older-{sum(self.kills.values())}.db"
        command = [sys.executable, "-c", OPENING, str(path)]
        opening = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert opening.stdout is not None
        opening.stdout.readline()
        time.sleep(self._random.uniform(0, 0.01))
        opening.kill()
        opening.wait()
        opening.stdout.close()
        self.kills["migration"] += 1
        subprocess.run(command, check=True, capture_output=True)
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            for table in ("events", "deliveries"):
                counted = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                assert counted == (OLDER,), table
