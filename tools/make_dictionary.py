"""Make claude_mpm_monitor/storage/dictionary_N.bin: what stored texts of a kind have in common.

Run once for a new N, from the checkout: `python tools/make_dictionary.py N payloads`, or
`documents` for those of requests to the model. A released dictionary is never made again: what was
packed with it needs it for ever.

DEFLATE reaches what stands near the end of a dictionary most cheaply, so what is most common comes
last: hooks behind transcripts behind telemetry, requests behind those that telemetry told of, too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from claude_mpm_monitor.analysis.api_calls import TOPIC, CallRecord
from claude_mpm_monitor.analysis.api_calls import TRANSCRIPT as TRANSCRIPT_LINE
from claude_mpm_monitor.analysis.call_book import REQUESTS, CallBook
from claude_mpm_monitor.analysis.told_calls import Told
from claude_mpm_monitor.pricing.table import PriceTable
from claude_mpm_monitor.pricing.usage import Usage
from claude_mpm_monitor.sample.story import session
from claude_mpm_monitor.testing.analyzers import MemoryDocuments

STORAGE = Path(__file__).resolve().parent.parent / "claude_mpm_monitor" / "storage"
#: The window of the compressor: nothing further away can be pointed at.
LARGEST = 8 * 1024
#: Texts are cut to so many characters: what they say is each session's own.
LONGEST_TEXT = 24
LONGEST_LIST = 1

TELEMETRY: list[dict[str, Any]] = [
    {
        "signal": "log",
        "name": "api_request",
        "attributes": {
            "session.id": "",
            "prompt.id": "",
            "model": "claude-opus-5",
            "cost_usd": 0.0,
            "duration_ms": 1,
            "input_tokens": 1,
            "output_tokens": 1,
            "cache_read_tokens": 1,
            "cache_creation_tokens": 1,
            "request_id": "req_011",
        },
        "resource": {"service.name": "claude-code", "service.version": "2.1.330"},
    }
]
TRANSCRIPT: list[dict[str, Any]] = [
    {
        "parentUuid": "",
        "isSidechain": False,
        "userType": "external",
        "cwd": "",
        "sessionId": "",
        "version": "2.1.330",
        "gitBranch": "main",
        "type": "user",
        "message": {
            "role": "user",
            "content": [{"tool_use_id": "toolu_01", "type": "tool_result", "content": ""}],
        },
        "uuid": "",
        "timestamp": "2026-11-01T12:00:00.000Z",
        "toolUseResult": {"stdout": "", "stderr": "", "interrupted": False, "isImage": False},
    },
    {
        "parentUuid": "",
        "isSidechain": False,
        "message": {
            "model": "claude-opus-5",
            "id": "msg_01",
            "type": "message",
            "role": "assistant",
            "content": [
                {
                    "type": "tool_use",
                    "id": "toolu_01",
                    "name": "Bash",
                    "input": {"command": "", "description": ""},
                }
            ],
            "stop_reason": "tool_use",
            "stop_sequence": None,
            "usage": {
                "input_tokens": 1,
                "cache_creation_input_tokens": 1,
                "cache_read_input_tokens": 1,
                "cache_creation": {
                    "ephemeral_5m_input_tokens": 0,
                    "ephemeral_1h_input_tokens": 0,
                },
                "output_tokens": 1,
                "service_tier": "standard",
            },
        },
        "requestId": "req_011",
        "type": "assistant",
    },
]


def shortened(value: Any) -> Any:
    """Return `value` with its texts and lists cut short."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, list):
        return [shortened(item) for item in value[:LONGEST_LIST]]
    if isinstance(value, dict):
        return {name: shortened(item) for name, item in value.items()}
    return value


def hooks() -> list[dict[str, Any]]:
    """Return the sample's hook payloads, one for each event and tool, the most common last."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for step in session():
        name = step.payload["hook_event_name"], str(step.payload.get("tool_name"))
        found.setdefault(name, []).append(step.payload)
    return [payloads[0] for payloads in sorted(found.values(), key=len)]


def payloads() -> list[Any]:
    """Return what is told, the most common last."""
    return [*TELEMETRY, *TRANSCRIPT, *hooks()]


def documents() -> list[Any]:
    """Return documents of requests to the model, made as ever, the most common last."""
    book, kept = CallBook(PriceTable.builtin()), MemoryDocuments()
    kept.topics = (TOPIC, REQUESTS)
    used = Usage(input=1, output=1, cache_write_5m=1, cache_read=1, service_tier="standard")
    line = CallRecord(
        message_id="msg_01",
        at=1_790_000_000_000_000,
        usage=used,
        request_id="req_011",
        session_id="-4000-8000-",
        model="claude-opus-5",
        cli_version="2.1.330",
        stop_reason="tool_use",
        seen_in=("-4000-8000-",),
        tools=(("toolu_01", "Bash"),),
        evidence=(TRANSCRIPT_LINE,),
        events=("",),
    )
    told = Told(
        request_id=line.request_id,
        at=line.at,
        session_id=line.session_id,
        model=line.model,
        query_source="repl_main_thread",
        recorded=True,
        usage=used,
        stated_cost=1,
        duration_us=1_000,
        ttft_us=1_000,
        attempt=1,
    )
    _, entry = book.take_in(line, kept)
    entry = msgspec.structs.replace(entry, turns={line.session_id: "-4000-8000-"})
    book.keep(entry, kept)
    alone = kept.get(TOPIC, entry.key)
    ((_, heard),) = book.hear(told, kept)
    book.keep(msgspec.structs.replace(heard, turns=entry.turns), kept)
    return [kept.get(TOPIC, entry.key), alone]


KINDS = {"payloads": payloads, "documents": documents}


def dictionary(kind: str) -> bytes:
    """Return the dictionary for a kind of texts."""
    parts = KINDS[kind]()
    text = "".join(json.dumps(shortened(part), separators=(",", ":")) for part in parts)
    return text.encode()[-LARGEST:]


if __name__ == "__main__":
    path, content = STORAGE / f"dictionary_{int(sys.argv[1])}.bin", dictionary(sys.argv[2])
    with path.open("xb") as file:
        file.write(content)
    print(f"{path.name}: {path.stat().st_size} bytes")
