"""A script played by a real Claude Code into a real monitor, and what both say of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from testkit.comparing import Documents

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.cli.importing import import_files, transcripts, wait_for_documents
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.ingest.importer import find_transcripts

from .claude_code import ClaudeCode
from .facts import facts_in

PROMPT_TOKENS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
#: By message id: the tokens of the whole prompt, and those of the answer.
Tokens = dict[str, tuple[int, int]]


def settings_file(folder: Path, hooks: dict[str, Any]) -> Path:
    """Write the settings that Claude Code is started with."""
    path = folder / "settings.json"
    path.write_text(json.dumps({"hooks": hooks}))
    return path


def imported(claude_code: ClaudeCode, home: Path) -> Documents:
    """What another store makes of the transcripts alone."""
    cancel = threading.Event()
    with Monitor(home=home, port=0) as monitor:
        import_files(monitor, transcripts([claude_code.config]), cancel, quiet=True)
        wait_for_documents(monitor, cancel)
    return facts_in(Config(home=home))


def caught_up(monitor: Monitor, claude_code: ClaudeCode) -> bool:
    """Whether every line on disk is stored, and everything stored is worked out."""
    lines = sum(
        path.read_bytes().count(b"\n") or 1 for path in find_transcripts([claude_code.projects])
    )
    status = monitor.status()
    stored = count(monitor, "transcript.%")
    return stored >= lines and status["consumer"]["seq"] >= monitor.query.last_seq()


def count(monitor: Monitor, kind: str) -> int:
    """How many events of kinds LIKE `kind` are stored."""
    row = monitor.query._one("SELECT count(*) FROM events WHERE kind LIKE ?", (kind,))
    return int(row[0])


def tokens_counted(monitor: Monitor) -> Tokens:
    """What the monitor says each API call used."""
    calls = (document.value for document in monitor.query.documents("api_call", limit=1_000))
    return {
        call["message_id"]: (call["prompt_tokens"], call["usage"]["output"])
        for call in calls
        if not call["same_as"]
    }


def tokens_answered(records: Iterable[dict[str, Any]]) -> Tokens:
    """What the API itself counted for each."""
    return {
        record["message_id"]: (
            sum(record["usage"].get(name, 0) for name in PROMPT_TOKENS),
            record["usage"]["output_tokens"],
        )
        for record in records
    }
