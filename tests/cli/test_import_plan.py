"""What `import` takes a file for."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from claude_mpm_monitor.hookspecs import hookimpl

from claude_mpm_monitor import Config, Raw
from claude_mpm_monitor.cli.import_plan import Plan, plan
from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.model.importer import Importer
from claude_mpm_monitor.plugins.registry import Registry

Planned = Callable[..., Plan]
TRANSCRIPT = '{"type": "user", "uuid": "u", "sessionId": "s"}\n'
EXPORTED = {"event_id": "00", "session_id": "s", "kind": "K", "at": 1, "payload": {}}


class Notes:
    name = "notes"
    suffixes = (".note",)

    def reads(self, path: Path) -> bool:
        return path.read_bytes().decode().startswith("note")

    def read(self, path: Path) -> list[Raw]:
        return []


class Plugin:
    def __init__(self, *importers: object) -> None:
        self.importers = importers

    @hookimpl
    def monitor_register_importers(self) -> tuple[object, ...]:
        return self.importers


def registry(home: Path, importer: object) -> Registry:
    log = new_logger(logging.getLogger("claude_mpm_monitor.tests"))
    return Registry(Config(home=home), [Plugin(importer)], log)


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    """Plan for files of these names and contents, with the importer of notes."""

    def run(files: dict[str, str | bytes], wanted: str = "", since: float = 0.0) -> Plan:
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            body = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name).write_bytes(body)
        found = registry(tmp_path / "home", Notes())
        paths = sorted({tmp_path / name.split("/")[0] for name in files})
        return plan(paths, since, wanted, found.shelves.importers)

    return run


def read_by(found: Plan) -> dict[str, str]:
    """Each file with what reads it."""
    others = {file.path.name: file.importer.item.name for file in found.others}
    return {path.name: "transcript" for path in found.transcripts} | others


def test_each_file_is_read_by_what_knows_it(planned: Planned) -> None:
    found = planned(
        {
            "a.jsonl": TRANSCRIPT,
            "b.jsonl": json.dumps(EXPORTED) + "\n",
            "c.note": "note",
            "d.meta.json": "{}",
            "empty.jsonl": "",
            "torn.jsonl": "{half\n" + TRANSCRIPT,
        }
    )

    assert read_by(found) == {
        "a.jsonl": "transcript",
        "b.jsonl": "jsonl",
        "c.note": "notes",
        "d.meta.json": "transcript",
        "empty.jsonl": "transcript",
        "torn.jsonl": "transcript",
    }


@pytest.mark.parametrize(
    ("name", "content"), [("a.txt", "note"), ("a.note", "else"), ("a.jsonl", '{"a": 1}\n')]
)
def test_a_file_that_nobody_reads_is_an_error_with_what_there_is(
    name: str, content: str, planned: Planned
) -> None:
    with pytest.raises(MonitorError, match=r"there are transcript, jsonl, notes\. --from NAME"):
        planned({name: content})


def test_what_could_not_look_at_a_file_that_nobody_reads_is_named(planned: Planned) -> None:
    with pytest.raises(MonitorError, match=r"Plugin could not look at it: .*UnicodeDecodeError"):
        planned({"a.note": b"\x80"})


def test_an_importer_that_is_named_reads_whatever_it_is_given(planned: Planned) -> None:
    assert read_by(planned({"a.txt": "else"}, "notes")) == {"a.txt": "notes"}
    assert read_by(planned({"a.txt": "else"}, "transcript")) == {"a.txt": "transcript"}


def test_of_a_folder_the_importer_that_is_named_reads_what_is_its_own(planned: Planned) -> None:
    files = {"f/a.note": "note", "f/deep/b.note": "note", "f/c.note": "else", "f/d.jsonl": "x"}

    assert read_by(planned(files, "notes")) == {"a.note": "notes", "b.note": "notes"}


def test_of_a_folder_what_an_importer_could_not_look_at_is_told(planned: Planned) -> None:
    found = planned({"f/a.note": b"\x80", "f/b.note": "note", "f/c.txt": "else"}, "notes")

    (problem,) = found.problems
    assert read_by(found) == {"b.note": "notes"}
    assert re.search(r"f/a\.note: Plugin could not look at it: .*UnicodeDecodeError", problem)


def test_an_importer_that_is_left_alone_is_told_with_how_many_files_it_left(
    planned: Planned,
) -> None:
    broken = {f"f/{number:02}.note": b"\x80" for number in range(14)}
    found = planned({**broken, "f/z.note": "note", "f/z.txt": "else"}, "notes")

    assert not found.others
    assert len(found.problems) == 11
    assert found.problems[-1].endswith(
        "f: 5 of 15 files were not looked at, since Plugin is left alone."
    )


def test_a_name_that_nobody_has_is_an_error_with_those_there_are(planned: Planned) -> None:
    with pytest.raises(MonitorError, match=r"from 'nonsense'; there are transcript, jsonl, notes"):
        planned({"a.txt": ""}, "nonsense")


def test_files_that_have_not_changed_since_then_are_left_out(planned: Planned) -> None:
    assert not planned({"a.note": "note"}, since=9e12).others


@pytest.mark.parametrize(
    ("importer", "error"),
    [
        (type("T", (Notes,), {"name": "transcript"})(), "'transcript' is taken"),
        (type("J", (Notes,), {"name": "jsonl"})(), "'jsonl' is taken"),
        (type("S", (Notes,), {"suffixes": ".note"})(), "no tuple of texts"),
        (5, "it needs `name`, `suffixes`, `reads(path)` and `read(path)`"),
    ],
)
def test_an_importer_that_cannot_be_used_is_refused(
    importer: Importer, error: str, tmp_path: Path
) -> None:
    states = registry(tmp_path, importer).states()

    (state,) = [state for state in states if state["name"] == "Plugin"]
    assert state["state"] == "failed"
    assert error in state["error"]
