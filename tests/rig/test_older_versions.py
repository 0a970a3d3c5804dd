"""Claude Code as people still have it installed: seen live, it equals what is imported, too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from testkit.comparing import differences

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.host.cli import MEASURED, CliFacts
from claude_mpm_monitor.host.hook_entries import run_hooks

from .claude_code import ClaudeCode, bin_folder
from .conftest import wait_for
from .facts import facts_in
from .playing import caught_up, imported, settings_file, tokens_answered, tokens_counted

OLDER = [CliFacts(version=".".join(map(str, v)), events=e) for v, e in MEASURED[:-1]]
SCRIPTS = ["multi", "fail", "subagents", "bgagent", "subapierr", "err400", "plan"]


#: What the stub answers to requests that no script of ours is behind.
UNSCRIPTED = "~default"


@pytest.fixture(params=OLDER, ids=[facts.version for facts in OLDER])
def known(request: pytest.FixtureRequest, rig: Path) -> CliFacts:
    """What an older version understands; the rig has it installed."""
    facts: CliFacts = request.param
    if not (bin_folder(rig, facts.version) / "claude").exists():
        pytest.skip(f"the rig has no Claude Code {facts.version}")
    return facts


@pytest.fixture
def claude_code(known: CliFacts, rig: Path, api_port: int, tmp_path: Path) -> ClaudeCode:
    """A Claude Code of that version that nobody has used."""
    folder = tmp_path / "run"
    folder.mkdir()
    return ClaudeCode(rig, folder, api_port, known.version)


@pytest.mark.parametrize("script", SCRIPTS)
def test_live_equals_import_and_the_tokens_are_those_the_api_counted(
    script: str,
    known: CliFacts,
    claude_code: ClaudeCode,
    answered: Callable[[], list[dict[str, Any]]],
    tmp_path: Path,
) -> None:
    live = tmp_path / "live"
    with Monitor(home=live, port=0) as monitor:
        hooks = run_hooks(known, monitor.ingest_url, monitor.config.spool, http=known.http_hooks)
        claude = claude_code.start(
            script, settings_file(tmp_path, hooks), "--permission-mode", "bypassPermissions"
        )
        assert claude.wait(150) in (0, 1)  # 1 where the API fails for good
        wait_for(lambda: caught_up(monitor, claude_code), "the end of the transcript")
        (coverage,) = (document.value for document in monitor.query.documents("coverage"))
        counted = tokens_counted(monitor)

    later = imported(claude_code, tmp_path / "imported")
    assert not differences(facts_in(Config(home=live)), later)
    assert coverage["total"]["prompts"] == coverage["hooks"]["prompts"] >= 1
    requests = answered()
    told = tokens_answered(requests)
    assert counted.items() <= told.items()
    # Claude Code asks a small model for titles and the like, of which no transcript tells.
    missing = {r["script"] for r in requests if r["message_id"] not in counted}
    assert missing <= {UNSCRIPTED}
