"""Importers of plugins at work: sound ones, and ones that are broken in every way."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import msgspec
import pytest
from testkit.waiting import eventually

from claude_mpm_monitor import Event, Monitor, Raw, hookimpl
from claude_mpm_monitor.cli.import_plan import plan
from claude_mpm_monitor.cli.importing import import_by_plugins
from claude_mpm_monitor.ingest.importer import BATCH_LINES, Progress
from claude_mpm_monitor.pipeline import file_import
from claude_mpm_monitor.storage.event_filter import EventFilter

Read = Callable[[Path], Iterable[Any]]
Start = Callable[..., Monitor]


class Words:
    """A word of the file is an event."""

    name = "words"
    suffixes = (".words",)

    def __init__(self, read: Read | None = None) -> None:
        self._read = read or words

    def reads(self, path: Path) -> bool:
        return True

    def read(self, path: Path) -> Iterable[Any]:
        return self._read(path)

    @hookimpl
    def monitor_register_importers(self) -> list[object]:
        return [self]


def words(path: Path) -> Iterator[Raw]:
    for number, word in enumerate(path.read_text().split()):
        yield raw(word, number)


def raw(word: str, number: int = 0) -> Raw:
    body = json.dumps({"kind": word, "session_id": "s", "at": number}).encode()
    return Raw(dialect="api", body=body, at=number, source="words")


def run(monitor: Monitor, *paths: Path, cancel: threading.Event | None = None) -> Progress:
    """Import the files; a folder is of words."""
    wanted = "words" if any(path.is_dir() for path in paths) else ""
    found = plan(paths, 0.0, wanted, monitor.plugins.shelves.importers)
    return import_by_plugins(monitor, found.others, cancel or threading.Event(), quiet=True)


def kinds(monitor: Monitor) -> list[str]:
    wanted = EventFilter(newest_first=False, limit=1_000)
    return [event.kind for event in monitor.query.events(wanted)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.words"
    path.write_text("one two three")
    return path


def test_what_an_importer_yields_is_stored_once(start_monitor: Start, file: Path) -> None:
    monitor = start_monitor([Words()])
    first = run(monitor, file.parent)
    nothing = run(monitor, file.parent)
    named = run(monitor, file)
    file.write_text("one two three four")
    changed = run(monitor, file.parent)

    assert kinds(monitor) == ["one", "two", "three", "four"]
    assert (first.files, first.lines, first.stored, first.bytes) == (1, 3, 3, 13)
    assert (nothing.lines, nothing.files_total) == (0, 1)
    assert (named.stored, named.duplicate) == (0, 3)
    assert (changed.stored, changed.duplicate) == (1, 3)


def test_facts_without_names_that_are_alike_are_counted(start_monitor: Start, file: Path) -> None:
    def alike(path: Path) -> Iterator[Raw]:
        for _ in path.read_text().split():
            yield raw("same")

    monitor = start_monitor([Words(alike)])
    first = run(monitor, file)
    file.write_text("one two three four")
    changed = run(monitor, file)

    assert (first.stored, changed.stored, changed.duplicate) == (3, 1, 3)


def test_a_cancelled_import_keeps_what_it_has_and_the_next_one_brings_the_rest(
    start_monitor: Start, file: Path
) -> None:
    file.write_text(" ".join(f"w{number}" for number in range(2 * BATCH_LINES)))
    monitor = start_monitor([Words()])
    cancel = threading.Event()
    cancel.set()
    early = run(monitor, file, cancel=cancel)
    rest = run(monitor, file)

    assert (early.files, early.stored) == (0, BATCH_LINES)
    assert (rest.stored, rest.duplicate) == (BATCH_LINES, BATCH_LINES)


def test_what_no_decoder_understands_is_kept_aside(start_monitor: Start, file: Path) -> None:
    dialect = "klingon"

    def unknown(path: Path) -> Iterator[Raw]:
        yield raw("sound")
        yield msgspec.structs.replace(raw("mended"), dialect=dialect)

    monitor = start_monitor([Words(unknown)])
    done = run(monitor, file.parent)
    dialect = "api"
    mended = run(monitor, file.parent)

    assert (done.stored, done.rejected) == (1, 1)
    assert (mended.stored, mended.duplicate) == (1, 1), "it is read again"
    assert run(monitor, file.parent).lines == 0


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are texts elsewhere")
def test_a_file_whose_name_is_no_text_is_read_once(start_monitor: Start, tmp_path: Path) -> None:
    def failing(path: Path) -> Iterator[Raw]:
        yield from words(path)
        if "bad" in path.name:
            raise ValueError("no")

    monitor = start_monitor([Words(failing)])
    for name in (b"\xe9.words", b"bad\xe9.words"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("one two")
    done, again = run(monitor, tmp_path), run(monitor, tmp_path)

    (problem,) = done.problems
    assert (done.stored, again.lines) == (2, 0)
    assert problem.startswith(rf"{tmp_path}/bad\xe9.words: Words: reading bad\xe9.words by words")
    assert done.path == rf"{tmp_path}/\xe9.words"


def raising(path: Path) -> Iterator[Raw]:
    yield raw("before")
    raise ValueError("row 2 has no time")


def of_something_else(path: Path) -> Iterator[Any]:
    yield raw("before")
    yield Event(kind="k", session_id="s", at=0, source="s", payload=b"{}")


def flooding(path: Path) -> Iterator[Raw]:
    number = 0
    while True:
        yield raw("flood", number)
        number += 1


def leaving(path: Path) -> Iterator[Raw]:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("read", "problem"),
    [
        (raising, "Words: reading a.words by words: ValueError: row 2 has no time"),
        (of_something_else, "a Raw was expected"),
        (flooding, "makes more of a file than can be in it"),
        (leaving, "SystemExit: 3"),
        (lambda path: 5, "not iterable"),
    ],
)
def test_one_that_fails_is_named_and_other_files_are_read(
    read: Read, problem: str, start_monitor: Start, file: Path, tmp_path: Path
) -> None:
    exported = tmp_path / "b.jsonl"
    line = {"event_id": "ab" * 16, "session_id": "t", "kind": "Sound", "at": 1, "payload": {}}
    exported.write_text(json.dumps(line))
    monitor = start_monitor([Words(read)])
    done = run(monitor, file, exported)

    (told,) = done.problems
    assert told.startswith(f"{file}: ")
    assert "Words" in told
    assert problem in told
    assert [event.kind for event in monitor.query.events(EventFilter(session_id="t"))] == ["Sound"]
    assert run(monitor, file.parent).problems, "it is tried again"


def test_one_that_hangs_is_left_alone(
    start_monitor: Start, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_import, "BATCH_SECONDS", 0.05)
    gate = threading.Event()

    def hanging(path: Path) -> Iterator[Raw]:
        gate.wait(30)
        yield raw("late")

    monitor = start_monitor([Words(hanging)])
    (first,) = run(monitor, file).problems
    found = file_import.FileImport(
        [file_import.Chosen(file, monitor.plugins.shelves.importers.find("words"))],  # type: ignore[arg-type]
        lambda raws: pytest.fail("nothing came"),
        Kept(),
    )
    (second,) = list(found.run())[-1].problems
    gate.set()

    assert "did not return within 0.05 s" in first
    assert "did not return within 0.05 s" in second
    eventually(lambda: monitor.plugins.states()[-1]["state"] == "quarantined")
    assert kinds(monitor) == []


class Kept(dict[str, Any]):
    """Bookmarks in memory."""

    set = dict.__setitem__


def test_a_file_that_went_is_told_and_no_fault_of_the_importers(
    start_monitor: Start, file: Path
) -> None:
    monitor = start_monitor([Words()])
    found = plan([file], 0.0, "", monitor.plugins.shelves.importers)
    file.unlink()
    done = import_by_plugins(monitor, found.others, threading.Event(), quiet=True)

    assert done.problems == [f"{file}: No such file or directory"]
    assert monitor.plugins.states()[-1]["failures"] == 0


def test_the_command_tells_what_could_not_be_looked_at(
    mpm_monitor: Callable[..., CompletedProcess[str]], home: Path, tmp_path: Path
) -> None:
    (home / "plugins").mkdir(parents=True)
    (home / "plugins" / "half.py").write_text(
        "from claude_mpm_monitor import hookimpl\n"
        "class Half:\n"
        "    name, suffixes = 'half', ('.half',)\n"
        "    def reads(self, path): raise ValueError('no table')\n"
        "    def read(self, path): return []\n"
        "@hookimpl\n"
        "def monitor_register_importers(): return [Half()]\n"
    )
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.half").touch()

    arguments = ("import", "--home", home, "--from", "half", tmp_path / "files")
    done = mpm_monitor(*arguments)
    (problem,) = json.loads(mpm_monitor(*arguments, "--json").stdout)["problems"]

    assert done.returncode == 1
    assert "a.half: half could not look at it: " in done.stderr
    assert "ValueError: no table" in problem
