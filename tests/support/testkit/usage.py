"""API calls as transcripts and telemetry tell of them, and what the analyzer makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import msgspec

from claude_mpm_monitor.analysis.usage import UsageAnalyzer
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pricing.table import PriceTable

Json = dict[str, Any]
TABLE = PriceTable.builtin()
#: The last day of a price and the first of the next would do as well; any date with prices does.
START = 1_770_000_000_000_000


class Documents:
    """An analyzer's documents as a store keeps them: as text."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str, str], bytes] = {}

    def get(self, topic: str, key: str) -> Json | None:
        text = self.texts.get((topic, key))
        return None if text is None else msgspec.json.decode(text)

    def put(
        self, topic: str, key: str, value: Json, *, session_id: str = "", agent_id: str = ""
    ) -> None:
        self.texts[topic, key] = msgspec.json.encode(value)

    def of(self, topic: str) -> dict[str, Json]:
        """What anybody can see of a topic; sums of no call are as good as none."""
        found = {key: msgspec.json.decode(text) for (t, key), text in self.texts.items()}
        mine = {key: found[key] for t, key in self.texts if t == topic}
        return {key: value for key, value in mine.items() if value.get("calls") != 0}


def event(line: Json, **fields: Any) -> Event:
    payload = json.dumps(line, sort_keys=True).encode()
    digest = blake2b(payload + repr(sorted(fields.items())).encode(), digest_size=16).hexdigest()
    told = {"session_id": "s1", "at": START, "source": "transcript"}
    given = {**told, "prompt_id": line.get("promptId", ""), **fields}
    return Event(
        event_id=digest, kind=f"transcript.{line['type']}", payload=payload, seq=1, **given
    )


def answer(message_id: str = "m1", **changes: Any) -> Json:
    usage = {"input_tokens": 10, "output_tokens": 5} | changes.pop("usage", {})
    message = {"id": message_id, "model": changes.pop("model", "claude-opus-5"), "usage": usage}
    return {"type": "assistant", "message": message, **changes}


def prompt(name: str, text: str = "Do it") -> Json:
    message = {"role": "user", "content": text}
    return {"type": "user", "uuid": name, "promptId": name, "message": message}


def applied(events: Iterable[Event], prices: PriceTable = TABLE) -> Documents:
    documents, analyzer = Documents(), UsageAnalyzer(prices)
    for each in events:
        analyzer.apply(each, documents)
    analyzer.settle(documents)
    return documents


def telemetry(name: str, request_id: str = "r1", **changes: Any) -> Json:
    """A record of telemetry as its decoder keeps it; `name` has its signal: "log.api_request"."""
    figures = {"input_tokens": 10, "output_tokens": 5, "model": "claude-opus-5"}
    said = {**figures, "request_id": request_id, **changes}
    resource = {"service.version": "2.1.330"}
    return {"type": name, "attributes": said, "resource": resource}


def heard(line: Json, **fields: Any) -> Event:
    return msgspec.structs.replace(event(line, **fields), kind=f"otel.{line['type']}")
