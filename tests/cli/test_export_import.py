"""A session that is exported and imported elsewhere is the same session."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import msgspec
import pytest

from claude_mpm_monitor import Monitor, Raw
from claude_mpm_monitor.cli.import_plan import plan
from claude_mpm_monitor.cli.importing import import_by_plugins
from claude_mpm_monitor.export.jsonl import JsonLines
from claude_mpm_monitor.ingest.exported import ExportedDecoder, ExportedEvents
from claude_mpm_monitor.ingest.importer import Progress
from claude_mpm_monitor.model.event import LIVE_TRANSCRIPT
from claude_mpm_monitor.reporting.recording import StoredRecording
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.testing import RECORDED, recorded, settled

Run = Callable[..., "CompletedProcess[str]"]
Stored = tuple[list[dict[str, Any]], dict[str, Any]]


def stored_in(home: Path, session_id: str) -> Stored:
    """The session's events, and all that is derived of them; their numbers left out."""
    with Monitor(home=home, port=0) as monitor:
        settled(monitor)
        wanted = EventFilter(session_id=session_id, noise=True, newest_first=False, limit=1_000)
        events = [
            {**event.head(), "seq": 0, "payload": event.data()}
            for event in monitor.query.events(wanted, payloads=True)
        ]
        topics = {topic for analyzer in monitor.plugins.analyzers for topic in analyzer.topics}
        documents = {
            f"{topic} {found.key}": found.value
            for topic in sorted(topics)
            for found in monitor.query.every_document(topic, session_id=session_id)
        }
    return events, documents


def exported(monitor: Monitor, session_id: str, path: Path) -> Path:
    with path.open("wb") as out:
        JsonLines().export(StoredRecording(monitor.query, session_id, monitor.plugins.redact), out)
    return path


def imported(home: Path, file: Path) -> Progress:
    with Monitor(home=home, port=0) as monitor:
        found = plan([file], 0.0, "", monitor.plugins.shelves.importers)
        done = import_by_plugins(monitor, found.others, threading.Event(), quiet=True)
        settled(monitor)
    return done


@pytest.mark.parametrize("name", RECORDED)
def test_a_session_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    # Long ago: of what happens now each monitor makes alerts of its own.
    session = recorded(name, began=1_700_000_000_000_000)
    raws = [
        # As it is where a monitor runs: the transcript is followed, and repeats what hooks tell.
        msgspec.structs.replace(raw, source=LIVE_TRANSCRIPT) if raw.dialect == "transcript" else raw
        for raw in session.raws()
    ]
    with Monitor(home=tmp_path / "here", port=0) as monitor:
        monitor.ingest_many(raws)
        settled(monitor)
        file = exported(monitor, session.session_id, tmp_path / "s.jsonl")

    first = imported(tmp_path / "there", file)
    here = stored_in(tmp_path / "here", session.session_id)
    there = stored_in(tmp_path / "there", session.session_id)

    assert first.stored == len(here[0]) > 3
    assert there[0] == here[0]
    assert there[1] == here[1]
    back = imported(tmp_path / "here", file)
    assert (back.stored, back.duplicate) == (0, first.stored)


def test_the_commands_export_and_import_do_that(mpm_monitor: Run, tmp_path: Path) -> None:
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "s.jsonl"
    with Monitor(home=here, port=0) as monitor:
        recorded("loop").tell(monitor)

    session_id = json.loads(mpm_monitor("sessions", "--json", "--home", here).stdout)[0]
    mpm_monitor("export", session_id["session_id"], "-o", file, "--home", here)
    first = mpm_monitor("import", file, "--home", there).stdout
    again = mpm_monitor("import", file, "--home", there).stdout
    unknown = mpm_monitor("import", file, "--from", "xml", "--home", there)

    assert re.fullmatch(r"1 of 1 files read: \d+ new events\n", first)
    assert re.fullmatch(r"1 of 1 files read: nothing new, \d+ known already\n", again)
    assert unknown.returncode == 1
    assert "Nothing is read from 'xml'; there are transcript, jsonl." in unknown.stderr


def test_a_session_that_was_given_up_comes_back(mpm_monitor: Run, tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "s.jsonl"
    with Monitor(home=home, port=0) as monitor:
        session = recorded("loop", began=1_700_000_000_000_000).tell(monitor)
        settled(monitor)
        exported(monitor, session.session_id, file)
    brought = []
    for _ in range(2):
        brought.append(json.loads(mpm_monitor("import", file, "--home", home, "--json").stdout))
        mpm_monitor("prune", "--days", "1", "--home", home)

    assert (brought[0]["stored"], brought[1]["stored"]) == (0, brought[0]["duplicate"])


@pytest.mark.parametrize("payload", ["[1, 2]", '"text"', "5", "null", '{"a": 1e3}'])
def test_a_payload_of_any_kind_comes_back(
    payload: str, start_monitor: Callable[..., Monitor], tmp_path: Path
) -> None:
    monitor = start_monitor()
    body = f'{{"kind": "K", "session_id": "s", "at": 7, "payload": {payload}}}'
    monitor.ingest(Raw(dialect="api", body=body.encode(), at=1, source="api"))
    settled(monitor)
    (raw,) = ExportedEvents().read(exported(monitor, "s", tmp_path / "s.jsonl"))
    (event,) = ExportedDecoder().decode(raw)
    (kept,) = monitor.query.events(EventFilter(session_id="s"), payloads=True)

    assert json.loads(event.payload) == json.loads(kept.payload)
    assert (event.head() | {"seq": 1}) == kept.head()


def test_lines_that_are_damaged_are_kept_aside(
    mpm_monitor: Run, home: Path, tmp_path: Path
) -> None:
    line = {"event_id": "ab" * 16, "session_id": "t", "kind": "Sound", "at": 1, "payload": {}}
    # The same id, as others may write it.
    same = [{**line, "event_id": "AB" * 16}, {**line, "event_id": "aB " * 16}]
    wrong = [{**line, "at": -1}, {**line, "kind": ""}]
    wrong += [{**line, "event_id": other} for other in ("xyz", "", "abc")]
    texts = [json.dumps(one) for one in (line, *same, *wrong)]
    (tmp_path / "s.jsonl").write_text("\n".join([*texts, texts[0][:20]]))

    done = mpm_monitor("import", tmp_path / "s.jsonl", "--home", home)

    assert done.stdout == (
        "1 of 1 files read: 1 new events, 2 known already, 6 not understood and kept aside\n"
    )
