"""What the doctor says about each thing it looks at."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from claude_mpm_monitor.cli.doctor import home, spool, store, transcripts, versions
from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.config import Config


@pytest.fixture
def config(tmp_path: Path) -> Config:
    config = Config(home=tmp_path / "monitor", port=0)
    config.create_folders()
    return config


def states(findings: object) -> dict[str, str]:
    return {finding.check: finding.state for finding in findings}  # type: ignore[attr-defined]


def only(findings: object) -> Finding:
    (finding,) = findings  # type: ignore[misc]
    assert isinstance(finding, Finding)
    return finding


def test_a_folder_made_by_the_monitor_is_fine(config: Config) -> None:
    assert states(home.check(config))["home"] == "ok"


def test_a_folder_others_can_read_is_a_problem_with_a_remedy(config: Config) -> None:
    config.home.chmod(0o755)

    finding = next(iter(home.check(config)))

    assert finding.state == "problem"
    assert finding.remedy == f"chmod 700 {config.home}"


def test_a_missing_folder_is_only_a_note(tmp_path: Path) -> None:
    assert only(home.check(Config(home=tmp_path / "none"))).state == "note"


def test_a_damaged_store_is_a_problem(config: Config) -> None:
    config.database.write_bytes(b"SQLite format 3\0" + os.urandom(8_192))

    assert only(store.check(config)).state == "problem"


def test_dead_letters_are_mentioned_with_their_reason(config: Config) -> None:
    connection = sqlite3.connect(config.database)
    connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE dead_letters (id INTEGER PRIMARY KEY, at, reason TEXT)")
    connection.execute("INSERT INTO dead_letters (at, reason) VALUES (0, 'not JSON')")
    connection.commit()
    connection.close()

    findings = list(store.check(config))

    assert [finding.state for finding in findings] == ["ok", "note"]
    assert "not JSON" in findings[1].text


def test_a_spool_without_a_monitor_waits_for_the_next_one(config: Config) -> None:
    assert only(spool.check(config)).state == "ok"

    (config.spool / "1.ev").write_bytes(b"1 0 0\n")

    assert only(spool.check(config)).state == "note"


def settings(folder: Path, **values: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.json").write_text(json.dumps(values))


def test_claudes_default_of_30_days_is_a_warning(
    config: Config, private_environment: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    finding = only(transcripts.check(config))

    assert finding.state == "warning"
    assert "30 days (Claude Code's default)" in finding.text


def test_a_project_setting_outranks_the_users(
    config: Config, private_environment: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings(private_environment / ".claude", cleanupPeriodDays=3650)
    monkeypatch.chdir(tmp_path)
    assert transcripts.cleanup_period()[0] == 3650

    settings(tmp_path / ".claude", cleanupPeriodDays=7)

    assert transcripts.cleanup_period() == (7, str(tmp_path / ".claude" / "settings.json"))


def test_settings_that_are_no_json_are_a_problem(
    config: Config, private_environment: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings(private_environment / ".claude")
    (private_environment / ".claude" / "settings.json").write_text("{,}")

    assert states(transcripts.check(config))["settings"] == "problem"


def test_claude_code_is_asked_for_its_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: Config
) -> None:
    program = tmp_path / "claude"
    program.write_text("#!/bin/sh\necho '2.1.330 (Claude Code)'\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))

    findings = {finding.check: finding for finding in versions.check(config)}

    assert findings["claude"].state == "ok"
    assert "Claude Code 2.1.330" in findings["claude"].text


def test_a_machine_without_claude_can_only_import(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: Config
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert states(versions.check(config))["claude"] == "warning"


def test_the_python_of_a_console_script_is_read_from_its_first_line(tmp_path: Path) -> None:
    script = tmp_path / "claude-mpm"
    script.write_text("#!/opt/venv/bin/python3.11\nimport sys\n")

    assert versions.interpreter_of(script) == "/opt/venv/bin/python3.11"
