"""What is built live, from hooks and the transcript as it grows, equals what is read afterwards."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from testkit.comparing import Documents, differences

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.host.cli import MEASURED, CliFacts
from claude_mpm_monitor.host.hook_entries import SCRIPTS, permanent_hooks, run_hooks
from claude_mpm_monitor.host.telemetry import variables

from .claude_code import ClaudeCode
from .conftest import wait_for
from .facts import facts_in
from .playing import caught_up, imported, settings_file, tokens_answered, tokens_counted

VERSION, EVENTS = MEASURED[-1]
KNOWN = CliFacts(version=".".join(map(str, VERSION)), events=EVENTS)


def calls_in(documents: Documents) -> list[str]:
    """The tool calls that a store knows."""
    return [key for key in documents if key.startswith("tool_call ")]


SCRIPTS_PLAYED = [
    *("multi", "fail", "subagents", "bgagent", "todo", "models", "subapierr", "isolated"),
    *("err400", "err529", "maxtok", "refusal", "cdone", "plan", "ask", "writeone", "skill"),
    *("toolsearch", "nested_md", "worktree", "long", "big"),
]


@pytest.mark.parametrize("script", SCRIPTS_PLAYED)
def test_live_equals_import(script: str, claude_code: ClaudeCode, tmp_path: Path) -> None:
    live = tmp_path / "live"
    with Monitor(home=live, port=0) as monitor:
        hooks = run_hooks(KNOWN, monitor.ingest_url, monitor.config.spool, http=True)
        claude = claude_code.start(script, settings_file(tmp_path, hooks))
        assert claude.wait(120) in (0, 1)  # 1 where the API fails for good
        wait_for(lambda: caught_up(monitor, claude_code), "the end of the transcript")

    later = imported(claude_code, tmp_path / "imported")
    assert not differences(facts_in(Config(home=live)), later)


@pytest.mark.parametrize("script", ["multi", "subagents", "bgagent", "models", "big"])
def test_tokens_are_those_the_api_itself_counted(
    script: str,
    claude_code: ClaudeCode,
    answered: Callable[[], list[dict[str, Any]]],
    tmp_path: Path,
) -> None:
    with Monitor(home=tmp_path / "live", port=0) as monitor:
        hooks = run_hooks(KNOWN, monitor.ingest_url, monitor.config.spool, http=True)
        claude = claude_code.start(script, settings_file(tmp_path, hooks))
        assert claude.wait(120) == 0
        wait_for(lambda: caught_up(monitor, claude_code), "the end of the transcript")
        counted = tokens_counted(monitor)

    assert counted == tokens_answered(answered())


def test_telemetry_tells_of_the_same_calls_and_requests(
    claude_code: ClaudeCode, tmp_path: Path
) -> None:
    with Monitor(home=tmp_path / "live", port=0) as monitor:
        hooks = run_hooks(KNOWN, monitor.ingest_url, monitor.config.spool, http=True)
        environment = variables(monitor.ingest_url)
        claude = claude_code.start("subagents", settings_file(tmp_path, hooks), **environment)
        assert claude.wait(120) == 0
        wait_for(lambda: caught_up(monitor, claude_code), "the end of the transcript")
        (coverage,) = (document.value for document in monitor.query.documents("coverage"))

    hooks_told, transcript, telemetry = (
        coverage[source] for source in ("hooks", "transcript", "telemetry")
    )
    assert hooks_told["tool_calls"] == transcript["tool_calls"] >= telemetry["tool_calls"] > 3
    assert hooks_told["prompts"] == transcript["prompts"] == telemetry["prompts"] == 1
    assert transcript["api_calls"] == telemetry["api_calls"] > 3
    assert coverage["recovered"] == {"tool_calls": 0, "prompts": 0}


@pytest.mark.parametrize("script", ["subagents", "compact"])
def test_telemetry_adds_what_no_transcript_has_and_the_meters_agree(
    script: str, claude_code: ClaudeCode, tmp_path: Path
) -> None:
    """The summary of a compaction is in no transcript; Claude Code's own total has it."""
    with Monitor(home=tmp_path / "live", port=0) as monitor:
        hooks = run_hooks(KNOWN, monitor.ingest_url, monitor.config.spool, http=True)
        environment = variables(monitor.ingest_url)
        claude = claude_code.start(script, settings_file(tmp_path, hooks), **environment)
        assert claude.wait(120) == 0
        wait_for(lambda: caught_up(monitor, claude_code), "the end of the transcript")
        documents = list(monitor.query.every_document("usage", prefix="session/"))

    (usage,) = (document.value for document in documents)
    assert usage["sources"]["telemetry"] == usage["calls"]
    for compared in (usage["reconciliation"], usage["metering"]):
        assert compared["difference"] == 0, compared


class Served:
    """`mpm-monitor serve` in a process of its own."""

    def __init__(self, home: Path) -> None:
        program = "from claude_mpm_monitor.cli.main import main; main()"
        arguments = ["serve", "--home", str(home), "--port", "0", "--no-browser"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if re.search(r"http://localhost:\d+", line):
                return
        raise AssertionError("the monitor did not start")

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.mark.parametrize("script", ["multi", "subagents"])
def test_a_monitor_killed_in_the_middle_and_started_again_converges_to_the_same(
    script: str, claude_code: ClaudeCode, tmp_path: Path
) -> None:
    config = Config(home=tmp_path / "live")
    config.create_folders()
    first = Served(config.home)
    hooks = permanent_hooks(KNOWN, SCRIPTS, config.runtime, config.spool)
    claude = claude_code.start(script, settings_file(tmp_path, hooks))
    wait_for(lambda: calls_in(facts_in(config)), "the first tool call")
    first.kill()
    assert claude.wait(120) == 0
    second = Served(config.home)
    expected = imported(claude_code, tmp_path / "imported")
    try:
        wait_for(lambda: facts_in(config) == expected, "the same facts", 10)
    except AssertionError:
        assert not differences(facts_in(config), expected)
    finally:
        second.stop()
