"""Each format, of one session with what is awkward in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.export.jsonl import JsonLines
from claude_mpm_monitor.export.markdown import Markdown
from claude_mpm_monitor.export.table import CsvTable
from claude_mpm_monitor.export.trace import Trace
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.model.exporter import Exporter
from claude_mpm_monitor.reporting.recording import PAGE, StoredRecording


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    with Monitor(home=tmp_path_factory.mktemp("home"), port=0) as running:
        talk = Talk("story")
        payloads = [
            talk.start(),
            talk.prompt("Mend <b>it</b>\n```\nplease"),
            talk.pre("one", command="=cmd|' /C calc'!A0"),
            talk.post("one"),
            talk.pre("two", "Agent", subagent_type="explorer", description="Look around"),
            talk.agent_start("a-1"),
            talk.pre("three", agent="a-1"),
            talk.failure("three", agent="a-1"),
            talk.agent_stop("a-1"),
            talk.post("two", "Agent", response={"agentId": "a-1", "status": "completed"}),
            talk.stop("Done: ```x```"),
            talk.end(),
        ]
        for number, payload in enumerate(payloads):
            body = json.dumps(payload).encode()
            at = 1_700_000_000_000_000 + number * 1_000_000
            running.ingest(Raw(dialect="claude_hook", body=body, at=at, source="http_hook"))
        running.ingest_many(
            [
                Raw(
                    dialect="api",
                    body=b'{"kind": "Tick", "session_id": "long"}',
                    at=n,
                    source="api",
                )
                for n in range(1, 2 * PAGE + 2)
            ]
        )
        eventually(lambda: running.status()["consumer"]["seq"] >= running.query.last_seq())
        yield running


def exported(monitor: Monitor, exporter: Exporter, session: str = "story") -> str:
    out = io.BytesIO()
    exporter.export(StoredRecording(monitor.query, session, monitor.plugins.redact), out)
    assert not out.closed
    return out.getvalue().decode()


def test_json_lines_hold_every_event_with_its_payload(monitor: Monitor) -> None:
    lines = [json.loads(line) for line in exported(monitor, JsonLines()).splitlines()]

    assert [line["kind"] for line in lines][:3] == [
        "SessionStart",
        "UserPromptSubmit",
        "PreToolUse",
    ]
    assert len(lines) == 12
    assert lines[1]["payload"]["prompt"].startswith("Mend")


def test_a_session_of_many_pages_is_whole(monitor: Monitor) -> None:
    lines = exported(monitor, JsonLines(), "long").splitlines()

    assert len(lines) == 2 * PAGE + 1
    assert len({json.loads(line)["seq"] for line in lines}) == 2 * PAGE + 1


def test_a_table_has_a_row_for_each_call_and_no_formula(monitor: Monitor) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(monitor, CsvTable()))))

    assert [(row["tool_use_id"][-3:], row["status"]) for row in rows] == [
        ("one", "ok"),
        ("two", "ok"),
        ("ree", "error"),
    ]
    assert rows[0]["detail"].startswith("'=cmd")
    assert rows[0]["started_at"].startswith("2023-11-14T22:13:")


def test_a_trace_has_spans_that_fit_into_one_another(monitor: Monitor) -> None:
    trace = json.loads(exported(monitor, Trace()))["traceEvents"]

    spans = {event["name"]: event for event in trace if event["ph"] == "X"}
    rows = {
        event["tid"]: event["args"]["name"] for event in trace if event["name"] == "thread_name"
    }
    assert rows == {1: "turns", 2: "main", 3: "Look around"}
    agent, call = spans["Agent"], next(e for e in trace if e["tid"] == 3 and e["ph"] == "X")
    assert agent["ts"] <= call["ts"]
    assert call["ts"] + call["dur"] <= agent["ts"] + agent["dur"]
    assert call["args"]["status"] == "error"


def test_markdown_reads_as_the_session_went_and_nothing_in_it_is_markup(monitor: Monitor) -> None:
    text = exported(monitor, Markdown())

    assert "## 1. 2023-11-14 22:13:21 (ok)" in text
    assert "> Mend &lt;b>it&lt;/b> ``` please\n" in text
    assert "- Bash `=cmd" in text
    assert "````text\nDone: ```x```\n````" in text


def test_a_session_that_is_not_there_is_named(monitor: Monitor) -> None:
    with pytest.raises(MonitorError, match="no session 'nobody'"):
        StoredRecording(monitor.query, "nobody", monitor.plugins.redact)


def test_the_command_writes_a_file_for_its_owner_and_never_over_another(
    monitor: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from claude_mpm_monitor.cli.main import group

    def run(*arguments: str) -> Any:
        home = ["--home", str(monitor.config.home)]
        return CliRunner().invoke(group, ["export", *arguments, *home])

    monkeypatch.chdir(tmp_path)
    assert run("sto", "--format", "csv").exit_code == 0
    written = tmp_path / "story.csv"
    assert written.stat().st_mode & 0o777 == 0o600
    assert written.read_bytes().decode() == exported(monitor, CsvTable())

    again = run("sto", "--format", "csv")
    assert "--force writes over it" in str(again.exception)
    assert run("sto", "--format", "csv", "--force").exit_code == 0
    assert "jsonl, csv, markdown, trace" in str(run("sto", "--format", "pdf").exception)
    assert run("sto", "-o", "-").stdout == exported(monitor, JsonLines())
