"""A session that comes to a place knows the branch there."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from claude_mpm_monitor.ingest.branch import BranchEnricher
from claude_mpm_monitor.model.event import Event

NOW = 1_700_000_000_000_000
MINUTE = 60_000_000


@pytest.fixture
def started(tmp_path: Path) -> Event:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/feature/x\n")
    return Event(
        kind="SessionStart",
        session_id="s",
        at=NOW,
        source="http_hook",
        payload=b"{}",
        project=str(tmp_path),
    )


def branch_of(event: Event, *, later: int = 0) -> str:
    return BranchEnricher(lambda: (NOW + later) * 1_000).enrich(event).branch


def test_a_session_that_starts_knows_its_branch(started: Event) -> None:
    assert branch_of(started) == "feature/x"
    assert "Stop" not in BranchEnricher.kinds


def test_a_branch_that_is_known_stays(started: Event) -> None:
    assert branch_of(msgspec.structs.replace(started, branch="main")) == "main"


def test_of_what_happened_long_ago_the_branch_is_not_that_of_today(started: Event) -> None:
    assert branch_of(started, later=MINUTE) == "feature/x"
    assert branch_of(started, later=MINUTE + 1) == ""


@pytest.mark.parametrize("project", ["", "/with\0nul", "/nowhere/at/all"])
def test_a_folder_that_is_none_costs_only_the_branch(started: Event, project: str) -> None:
    assert branch_of(msgspec.structs.replace(started, project=project)) == ""
