"""Files of claude-mpm's own: each shape its versions write, and whatever damage befalls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.host_records import (
    DIALECT,
    RecordDecoder,
    is_of_session,
    is_record,
    record_files,
)
from claude_mpm_monitor.model.event import Event, Raw, is_noise

ORIGIN = "/work/.claude-mpm/responses/s-1-engineer-2026.json#0"
WHEN = "2026-03-01T10:00:00.000001+00:00"
RESPONSE: dict[str, Any] = {
    "timestamp": WHEN,
    "session_id": "s-1",
    "agent": "engineer",
    "request": "Write it.",
    "response": "Written.",
    "metadata": {"agent": "engineer", "exit_code": 0},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def decoded(record: object, origin: str = ORIGIN) -> Event:
    body = record if isinstance(record, bytes) else json.dumps(record).encode()
    raw = Raw(dialect=DIALECT, body=body, at=7, source="x", origin=origin)
    (event,) = RecordDecoder().decode(raw)
    return event


def test_a_response_repeats_what_hooks_tell_and_is_noise() -> None:
    event = decoded(RESPONSE)

    assert (event.kind, event.session_id, event.project) == ("mpm.response", "s-1", "/work")
    assert event.summary == "engineer · Write it. · Written."
    assert event.at == 1_772_359_200_000_001
    assert is_noise(event)


@pytest.mark.parametrize(
    "fields",
    [
        {"request_summary": "Write it.", "response": "Written.", "metadata": {"agent": "qa"}},
        {"request_summary": "Write it.", "response_content": "Written.", "agent_name": "qa"},
        {"request": "Write it.", "response": "Written.", "agent": "qa", "metadata": None},
    ],
)
def test_a_response_reads_the_same_in_each_of_its_shapes(fields: dict[str, Any]) -> None:
    assert decoded({"session_id": "s-1", **fields}).summary == "qa · Write it. · Written."


def test_what_an_agent_says_of_its_task_is_a_report_of_its_own() -> None:
    report = {
        "task_completed": True,
        "results": "All tests pass.",
        "files_modified": [{"file": "a.py"}, {"file": "b.py"}],
        "remember": ["Use tmp_path."],
    }
    event = decoded({**RESPONSE, "metadata": {"structured_response": report}})

    assert event.kind == "mpm.task_report"
    assert event.summary == "engineer · completed · 2 files · 1 to remember · All tests pass."
    assert not is_noise(event)


def test_a_commit_says_what_it_cost_and_where() -> None:
    record = {
        "timestamp": WHEN,
        "commit_sha": "abc1234",
        "cwd": "/work",
        "tokens_in": 1200,
        "tokens_out": 30,
        "git_output": "[hook] abc1234",
    }
    event = decoded(record, "/home/dev/.claude-mpm/commit-costs.jsonl#120")

    assert (event.kind, event.session_id, event.project) == ("mpm.commit_cost", "", "/work")
    assert event.summary == "abc1234 · 1,200 in · 30 out"
    assert decoded({**record, "git_output": "[main abc1234] Add it"}).summary.endswith("Add it")


def test_a_record_read_again_written_anew_or_copied_is_the_same_fact() -> None:
    spread = json.dumps(RESPONSE, indent=2).encode()

    assert decoded(spread, "/elsewhere/x.json#0").event_id == decoded(RESPONSE).event_id
    assert decoded({**RESPONSE, "response": "Other"}).event_id != decoded(RESPONSE).event_id


def test_a_mark_of_byte_order_is_no_damage() -> None:
    assert decoded(b"\xef\xbb\xbf" + json.dumps(RESPONSE).encode()).session_id == "s-1"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\x00", b'"x"', b"{}", b'{"a": 1}', b"\xff"])
def test_what_is_no_record_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(DecodeError):
        decoded(body)


@given(st.dictionaries(st.sampled_from([*RESPONSE, "commit_sha", "tokens_in", "cwd"]), JSON))
def test_fields_of_any_type_make_an_event_or_are_refused(record: dict[str, Any]) -> None:
    try:
        event = decoded(record)
    except DecodeError:
        return
    assert event.kind.startswith("mpm.")
    assert len(event.summary) <= 200


def test_which_files_are_records_and_whose(tmp_path: Path) -> None:
    folder = tmp_path / ".claude-mpm" / "responses"
    (folder / "s-1").mkdir(parents=True)
    for name in ("s-1-qa-1.json", "s-1/response_001.json", "notes.txt"):
        (folder / name).write_text("{}")

    found = [path.relative_to(folder).as_posix() for path in record_files([tmp_path, folder])]
    assert sorted(found) == ["s-1-qa-1.json", "s-1/response_001.json"]
    assert all(is_record(folder / name) for name in found)
    assert not is_record(Path("/home/dev/.claude/projects/-work/s-1.jsonl"))
    assert is_of_session("s-1", "s-1")
    assert is_of_session("s-1-qa-1.json", "s-1")
    assert not is_of_session("s-10-qa-1.json", "s-1")
