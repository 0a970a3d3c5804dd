"""Spool: files that hold what could not be delivered or committed, until it can.

One file a delivery: a first line ``<delivery id> <at µs> <bytes>`` and then exactly that many
bytes. The command hook writes such files when no monitor answers. A monitor adds to the line,
each percent-encoded: ``<dialect> <source> <channel> <origin>``.
"""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec

from claude_mpm_monitor.model.event import Raw

SUFFIX = ".ev"
#: Hooks that find this file in the spool leave nothing there, but a byte in it for each event.
FULL = "full"
#: A shorter file may still be written by its hook; after this long it never will be.
WRITING_SECONDS = 5.0
_SAFE = re.compile(r"[A-Za-z0-9_-]{1,100}")
_HEAD = re.compile(rb"([!-~]+) (\d{1,19}) (\d{1,12})((?: [!-~]*){4}|)")


class Spooled(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the spool. `problem` is "" or says why the file cannot be read as a delivery."""

    path: Path
    raw: Raw
    problem: str = ""


class Spool:
    """The spool's folder. `save` from any thread; `waiting` by the one thread that drains it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, raw: Raw) -> None:
        """Keep a delivery that could not be committed. Raises OSError when that fails, too."""
        delivery_id = _file_safe(raw.delivery_id or uuid.uuid4().hex)
        told = [quote(text, safe="") for text in (raw.dialect, raw.source, raw.channel, raw.origin)]
        head = " ".join([delivery_id, str(raw.at), str(len(raw.body)), *told])
        path = self.folder / f"{delivery_id}{SUFFIX}"
        draft = path.with_suffix(f".{uuid.uuid4().hex[:8]}.tmp")
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(head.encode() + b"\n" + raw.body)
            draft.replace(path)
        except OSError:
            # On a full disk what was written of it is in the way of everything else.
            draft.unlink(missing_ok=True)
            raise

    def waiting(self) -> Iterator[Spooled]:
        """Yield what is complete, oldest first; leave alone what is still being written."""
        for path in sorted(self.folder.glob(f"*{SUFFIX}"), key=_age_key):
            try:
                content = path.read_bytes()
                age = time.time() - path.stat().st_mtime
            except OSError:
                continue  # drained by another process between the listing and now, or a folder
            spooled = _read(path, content)
            if not spooled.problem or age > WRITING_SECONDS:
                yield spooled

    def given_up(self) -> int:
        """Return how many events hooks gave up because the spool was full, and let them go on.

        Called when there is room again.
        """
        full = self.folder / FULL
        try:
            count = full.stat().st_size
            full.unlink()
        except OSError:
            return 0
        return count

    def backlog(self) -> int:
        """How many deliveries wait."""
        return sum(1 for _ in self.folder.glob(f"*{SUFFIX}"))


def _age_key(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read(path: Path, content: bytes) -> Spooled:
    line, _, body = content.partition(b"\n")
    head = _HEAD.fullmatch(line)
    if head is None:
        return _damaged(path, content, "a spool file without a proper first line")
    delivery_id, at, length = head[1].decode(), int(head[2]), int(head[3])
    if len(body) < length:
        return _damaged(path, content, f"a spool file cut off at {len(body)} of {length} bytes")
    told = [unquote(text.decode()) for text in head[4].split(b" ")[1:]]
    dialect, source, channel, origin = told or ("claude_hook", "command_hook", "", "")
    raw = Raw(
        dialect=dialect,
        body=body[:length],
        at=at,
        source=source,
        delivery_id=delivery_id,
        channel=channel,
        origin=origin,
    )
    return Spooled(path=path, raw=raw)


def _file_safe(delivery_id: str) -> str:
    """Return an id that can name a file: a sender may call a delivery whatever it likes."""
    if _SAFE.fullmatch(delivery_id):
        return delivery_id
    return blake2b(delivery_id.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _damaged(path: Path, content: bytes, problem: str) -> Spooled:
    raw = Raw(
        dialect="spool",
        body=content,
        at=time.time_ns() // 1_000,
        source="spool",
        delivery_id=path.stem,
    )
    return Spooled(path=path, raw=raw, problem=problem)
