"""Transcripts followed while they are written: real files, the real thread, a real store."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testkit.payloads import Payload, Talk, body
from testkit.waiting import eventually

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.ingest import importer
from claude_mpm_monitor.ingest.importer import Importer, Receipt
from claude_mpm_monitor.ingest.transcript import decode_line
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.pipeline import tail as tail_module
from claude_mpm_monitor.storage.event_filter import EventFilter

SESSION = "s-1"


class Folder:
    """Where Claude Code would keep the transcripts of one project."""

    def __init__(self, root: Path) -> None:
        self.path = root / "projects" / "-work"
        self.path.mkdir(parents=True)
        self.transcript = self.path / f"{SESSION}.jsonl"

    def agent(self, agent_id: str, suffix: str = ".jsonl") -> Path:
        folder = self.path / SESSION / "subagents"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"agent-{agent_id}{suffix}"

    def hook(self, payload: Payload) -> Payload:
        return {**payload, "transcript_path": str(self.transcript)}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def monitor(home: Path) -> Iterator[Monitor]:
    with Monitor(home=home, port=0) as monitor:
        yield monitor


def line(name: str, **fields: Any) -> bytes:
    said = {"type": "user", "uuid": name, "sessionId": SESSION, "message": {"content": name}}
    return json.dumps({**said, **fields}).encode() + b"\n"


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def tell(monitor: Monitor, payload: Payload, dialect: str = "claude_hook") -> None:
    monitor.ingest(Raw(dialect=dialect, body=body(payload), at=1, source="http_hook"))


def transcript_events(monitor: Monitor) -> list[Event]:
    wanted = EventFilter(session_id=SESSION, newest_first=False, noise=True, limit=1_000)
    return [e for e in monitor.query.events(wanted) if e.kind.startswith("transcript.")]


def summaries(monitor: Monitor) -> list[str]:
    return [event.summary for event in transcript_events(monitor)]


def test_a_line_is_stored_when_it_is_written_and_a_part_of_one_when_it_is_whole(
    monitor: Monitor, folder: Folder
) -> None:
    tell(monitor, folder.hook(Talk().start()))
    append(folder.transcript, line("one") + line("two")[:20])
    eventually(lambda: summaries(monitor) == ["one"])
    append(folder.transcript, line("two")[20:])

    eventually(lambda: summaries(monitor) == ["one", "two"])


def test_a_file_that_is_there_already_is_read_from_its_start(
    monitor: Monitor, folder: Folder
) -> None:
    append(folder.transcript, b"".join(line(f"u{n}") for n in range(250)))
    tell(monitor, folder.hook(Talk().prompt()))

    eventually(lambda: len(summaries(monitor)) == 250)


def test_what_agents_write_beside_the_transcript_is_followed_too(
    monitor: Monitor, folder: Folder
) -> None:
    tell(monitor, folder.hook(Talk().start()))
    append(folder.transcript, line("main"))
    append(folder.agent("a1"), line("inner", agentId="a1"))
    append(folder.agent("a1", ".meta.json"), b'{"agentType": "explorer"}')

    eventually(lambda: sorted(summaries(monitor)) == ["explorer", "inner", "main"])
    append(folder.agent("a2"), line("second", agentId="a2"))
    tell(monitor, folder.hook(Talk().pre("u-1", agent="a2")))
    eventually(lambda: "second" in summaries(monitor))


def test_a_meta_file_half_written_is_no_dead_letter(monitor: Monitor, folder: Folder) -> None:
    tell(monitor, folder.hook(Talk().start()))
    append(folder.agent("a1", ".meta.json"), b'{"agentType": ')
    append(folder.transcript, line("seen"))
    eventually(lambda: summaries(monitor) == ["seen"])
    append(folder.agent("a1", ".meta.json"), b'"explorer"}')

    eventually(lambda: summaries(monitor) == ["seen", "explorer"])
    assert monitor.query.totals()["dead_letters"] == 0


def test_an_ended_session_is_read_to_its_end_and_let_go_and_taken_up_again(
    monitor: Monitor, folder: Folder
) -> None:
    talk = Talk()
    tell(monitor, folder.hook(talk.start()))
    tell(monitor, folder.hook(talk.end()))
    append(folder.transcript, line("last").rstrip())
    eventually(lambda: summaries(monitor) == ["last"])
    eventually(lambda: monitor.status()["following"] == {"sessions": 0, "files": 0})
    append(folder.transcript, b"\n" + line("resumed"))
    tell(monitor, folder.hook(talk.start("resume")))

    eventually(lambda: summaries(monitor) == ["last", "resumed"])


def test_closing_reads_what_the_last_hook_was_too_early_for(home: Path, folder: Folder) -> None:
    with Monitor(home=home, port=0) as monitor:
        tell(monitor, folder.hook(Talk().start()))
        eventually(lambda: monitor.status()["following"]["files"] == 1)
        append(folder.transcript, line("last"))
    with Monitor(home=home, port=0) as monitor:
        assert summaries(monitor) == ["last"]


def test_what_is_written_while_no_monitor_runs_is_caught_up_by_the_next(
    home: Path, folder: Folder
) -> None:
    with Monitor(home=home, port=0) as monitor:
        tell(monitor, folder.hook(Talk().start()))
        append(folder.transcript, line("before"))
    append(folder.transcript, line("between"))
    with Monitor(home=home, port=0) as monitor:
        eventually(lambda: summaries(monitor) == ["before", "between"])
        append(folder.transcript, line("after"))
        eventually(lambda: summaries(monitor) == ["before", "between", "after"])
        assert monitor.status()["counters"]["duplicate"] == 0


@pytest.mark.parametrize("path", ["/etc/passwd", "notes.jsonl", "", "/dev/zero.jsonl"])
def test_nothing_is_followed_but_transcripts_hooks_name(
    monitor: Monitor, folder: Folder, path: str
) -> None:
    tell(monitor, {**Talk().start(), "transcript_path": path})

    # The second hook is heard after what the first one named was looked at.
    eventually(lambda: monitor.status()["following"]["files"] == (path == "/dev/zero.jsonl"))
    assert transcript_events(monitor) == []


def test_a_path_told_over_the_api_is_not_followed_not_even_after_a_restart(
    home: Path, folder: Folder, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "secret" / f"{SESSION}.jsonl"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(line("secret"))
    told = {"kind": "SessionStart", "session_id": SESSION}
    event = {**told, "payload": {"transcript_path": str(elsewhere)}}
    with Monitor(home=home, port=0) as monitor:
        tell(monitor, event, "api")
        eventually(lambda: monitor.query.documents("session"))
    with Monitor(home=home, port=0) as monitor:
        tell(monitor, folder.hook(Talk("s-2").start()))
        append(folder.transcript, line("seen"))
        eventually(lambda: summaries(monitor) == ["seen"])


def test_a_pipe_that_calls_itself_a_transcript_holds_nobody_up(
    monitor: Monitor, folder: Folder
) -> None:
    os.mkfifo(folder.path / "s-2.jsonl")
    tell(monitor, {**Talk("s-2").start(), "transcript_path": str(folder.path / "s-2.jsonl")})
    tell(monitor, folder.hook(Talk().start()))
    append(folder.transcript, line("seen"))

    eventually(lambda: summaries(monitor) == ["seen"])


def test_a_session_without_a_sign_of_life_is_let_go(
    monitor: Monitor, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_module, "FORGOTTEN_SECONDS", 0.2)
    tell(monitor, folder.hook(Talk().start()))

    eventually(lambda: monitor.status()["following"]["sessions"] == 0)


def test_a_line_longer_than_any_is_a_dead_letter_and_the_next_one_is_read(
    monitor: Monitor, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "LINE_BYTES", 1_000)
    append(folder.transcript, b'{"type": "' + b"x" * 5_000 + b'"}\n' + line("next"))
    tell(monitor, folder.hook(Talk().start()))

    eventually(lambda: summaries(monitor) == ["next"])
    assert monitor.query.totals()["dead_letters"] == 1


class Imported:
    """What one import of a file makes of it."""

    def __init__(self, path: Path) -> None:
        self.events: dict[str, bytes] = {}
        list(Importer([path], self._submit, self).run())

    def _submit(self, raws: list[Raw]) -> Receipt:
        for raw in raws:
            self.events |= {event.event_id: event.payload for event in decode_line(raw)}
        return Receipt()

    def get(self, path: str) -> None:
        return None

    def set(self, path: str, bookmark: tuple[int, int, int, int]) -> None:
        return None


#: How a line is put down: with an end, without (the next one follows at once), with an emoji.
ENDS = st.sampled_from([b"\n", b"", b"\n\n"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(1, 200)),
        st.just(("truncate", 0)),
        st.just(("rotate", 0)),
    ),
    max_size=12,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ends=st.lists(ENDS, min_size=1, max_size=8), steps=STEPS, named=st.booleans())
def test_however_a_file_is_written_it_ends_as_one_import_of_it(
    tmp_path_factory: pytest.TempPathFactory,
    ends: list[bytes],
    steps: list[tuple[str, int]],
    named: bool,
) -> None:
    root = tmp_path_factory.mktemp("tail")
    folder = Folder(root)
    content = b"".join(
        (line(f"né{n}") if named else _unnamed(n)).rstrip() + end for n, end in enumerate(ends)
    )
    with Monitor(home=root / "home", port=0) as monitor:
        tell(monitor, folder.hook(Talk().start()))
        folder.transcript.touch()
        written = 0
        for step, size in steps:
            if step == "write":
                append(folder.transcript, content[written : written + size])
                written += size
            elif step == "truncate":
                folder.transcript.write_bytes(b"")
                written = 0
            else:
                draft = folder.transcript.with_suffix(".new")
                draft.write_bytes(content[:written])
                draft.replace(folder.transcript)
            tell(monitor, folder.hook(Talk().say("Notification", message=str(written))))
        append(folder.transcript, content[written:])
        expected = Imported(folder.transcript).events
        eventually(lambda: {e.event_id for e in transcript_events(monitor)} >= {*expected})

    with Monitor(home=root / "home", port=0) as monitor:
        assert {event.event_id for event in transcript_events(monitor)} == {*expected}


def _unnamed(number: int) -> bytes:
    return json.dumps({"type": "summary", "leafUuid": "é", "summary": f"n{number}"}).encode()


def records(monitor: Monitor) -> list[str]:
    found = monitor.query.events(EventFilter(noise=True, newest_first=False))
    return sorted(event.summary for event in found if event.source == "claude_mpm_file")


def test_what_the_host_writes_down_of_a_live_session_is_read_once(
    monitor: Monitor, tmp_path: Path
) -> None:
    project = tmp_path / "work"
    folder = project / ".claude-mpm" / "responses"
    old = folder / SESSION
    old.mkdir(parents=True)
    transcript = tmp_path / ".claude" / "projects" / "-work" / f"{SESSION}.jsonl"
    transcript.parent.mkdir(parents=True)
    costs = tmp_path / ".claude-mpm" / "commit-costs.jsonl"
    costs.parent.mkdir()
    told = {"transcript_path": str(transcript), "cwd": str(project)}
    tell(monitor, {**Talk().start(), **told})
    said = {"session_id": SESSION, "response": "Done.", "metadata": {}}
    append(folder / f"{SESSION}-qa-1.json", json.dumps({**said, "agent": "qa"}).encode())
    append(folder / "other-qa-1.json", json.dumps({**said, "agent": "no"}).encode())
    append(old / "response_001.json", json.dumps({**said, "agent": "pm"}).encode())
    append(costs, b'{"commit_sha": "abc1234", "tokens_in": 5}\n')
    eventually(lambda: records(monitor) == ["abc1234 · 5 in", "pm · Done.", "qa · Done."])

    # The host writes the whole file anew for each commit.
    anew = costs.with_name("anew")
    anew.write_bytes(costs.read_bytes() + b'{"commit_sha": "def5678"}\n')
    anew.replace(costs)
    eventually(lambda: "def5678" in records(monitor))
    assert len(records(monitor)) == 4
    (session,) = monitor.query.documents("session")
    assert session.value["events"] == 1
