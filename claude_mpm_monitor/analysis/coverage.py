"""CoverageAnalyzer: what hooks, the transcript and telemetry each told of a session."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from claude_mpm_monitor.analysis import said_alike
from claude_mpm_monitor.analysis.facts import tool_facts
from claude_mpm_monitor.analysis.prompts import own_words, prompt_of
from claude_mpm_monitor.analysis.told_facts import ToldFacts
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event

TOPIC = "coverage"
#: Which sources told which facts (`told_facts`), and prompts by their words; not shown.
TOLD = "_told"

SOURCES = ("hooks", "transcript", "telemetry")
_BITS = {"hooks": 1, "transcript": 2, "telemetry": 4}
FACTS = ("tool_calls", "prompts", "api_calls")
#: What hooks can tell at all, so that they can have missed it.
_RECOVERABLE = ("tool_calls", "prompts")
_ALONE = {bit: source for source, bit in _BITS.items()}


class CoverageAnalyzer:
    """Counts facts by who told them, in whatever order that happened. Consumer thread only."""

    name = "monitor.coverage"
    version = 4
    topics: tuple[str, ...] = (TOPIC, TOLD)

    def __init__(self) -> None:
        #: The sessions whose counts have changed since they were last put.
        self._changed: dict[str, Json] = {}

    def apply(self, event: Event, documents: Documents) -> None:
        """Count the event, and each fact in it that its source has not told before."""
        source = source_of(event)
        if not event.session_id or not source:
            return
        coverage = self._changed.get(event.session_id)
        if coverage is None:
            coverage = documents.get(TOPIC, event.session_id) or _nothing(event.session_id)
            self._changed[event.session_id] = coverage
        coverage[source]["events"] += 1
        for fact, name in _facts(event, source):
            self._note(coverage, source, fact, name, documents)
        words, number = _prompt(event)
        if number:
            self._note_numbered(coverage, source, number, words, documents)
        elif words:
            notes = _said(coverage, words, documents)
            before = said_alike.prompts(notes)
            said_alike.note_unnumbered(notes, _BITS[source])
            _put_said(coverage, words, notes, before, documents)

    def settle(self, documents: Documents) -> None:
        """Put the counts that have changed."""
        for session_id, coverage in self._changed.items():
            documents.put(TOPIC, session_id, coverage, session_id=session_id)
        self._changed.clear()

    def _note(
        self, coverage: Json, source: str, fact: str, name: str, documents: Documents
    ) -> None:
        place = (TOLD, f"{coverage['session_id']}/{fact}")
        facts = ToldFacts(documents, place, coverage["total"][fact])
        before = facts.note(name, _BITS[source])
        after = before | _BITS[source]
        if after != before:
            _count(coverage, fact, before, -1)
            _count(coverage, fact, after, 1)

    def _note_numbered(
        self, coverage: Json, source: str, number: str, words: str, documents: Documents
    ) -> None:
        key = f"{coverage['session_id']}/prompts/{number}"
        told = documents.get(TOLD, key) or {"by": 0, "words": ""}
        known = [digest for digest in (told["words"], words) if digest]
        now = {"by": told["by"] | _BITS[source], "words": min(known, default="")}
        if now == told:
            return
        documents.put(TOLD, key, now)
        for digest, before, after in (
            (told["words"], told["by"], 0),
            (now["words"], 0, now["by"]),
        ):
            notes = _said(coverage, digest, documents)
            counts = said_alike.prompts(notes)
            said_alike.note_numbered(notes, before, after)
            _put_said(coverage, digest, notes, counts, documents)


def _said(coverage: Json, words: str, documents: Documents) -> Json:
    return documents.get(TOLD, _said_key(coverage, words)) or said_alike.nothing()


def _put_said(
    coverage: Json, words: str, notes: Json, before: list[int], documents: Documents
) -> None:
    documents.put(TOLD, _said_key(coverage, words), notes)
    for by, (old, new) in enumerate(zip(before, said_alike.prompts(notes), strict=True)):
        _count(coverage, "prompts", by, new - old)


def _said_key(coverage: Json, words: str) -> str:
    return f"{coverage['session_id']}/said/{words}"


def _count(coverage: Json, fact: str, by: int, step: int) -> None:
    """Count `step` more of what the sources `by` have told, and nobody else."""
    if not by or not step:
        return
    for source, bit in _BITS.items():
        if by & bit:
            coverage[source][fact] += step
    coverage["total"][fact] += step
    if by in _ALONE:
        coverage["only"][_ALONE[by]][fact] += step
    if not by & _BITS["hooks"] and fact in _RECOVERABLE:
        coverage["recovered"][fact] += step


def source_of(event: Event) -> str:
    """Return which of the sources told the event, "" when none of them did."""
    if event.kind.startswith("transcript."):
        return "transcript"
    if event.kind.startswith("otel."):
        return "telemetry"
    # The host's own account of a hook may come before the hook's and be replaced by it, or come
    # after it and be dropped: what is counted must not depend on that.
    return "hooks" if event.data().get("hook_event_name") == event.kind else ""


def _facts(event: Event, source: str) -> Iterator[tuple[str, str]]:
    """Yield the facts that an event tells, each with the name all sources know it by."""
    if source == "telemetry":
        yield from _of_telemetry(event)
        return
    for call in tool_facts(event):
        yield "tool_calls", call.tool_use_id
    if event.kind == "transcript.assistant":
        yield from _of_answer(event)


def _prompt(event: Event) -> tuple[str, str]:
    """Return a digest of the prompt's words and its number, each "" when it is not told."""
    if event.kind == "otel.log.user_prompt":
        return "", event.prompt_id
    prompt = prompt_of(event)
    if prompt is None:
        return "", ""
    return _digest(own_words(prompt).strip()), event.prompt_id


def _of_telemetry(event: Event) -> Iterator[tuple[str, str]]:
    if event.tool_use_id:
        yield "tool_calls", event.tool_use_id
    if event.kind == "otel.log.api_request":
        attributes = event.data().get("attributes")
        request = attributes.get("request_id") if isinstance(attributes, dict) else None
        if isinstance(request, str) and request:
            yield "api_calls", request


def _of_answer(event: Event) -> Iterator[tuple[str, str]]:
    """An answer of the model; one that Claude Code made up had no request."""
    data = event.data()
    message = data.get("message")
    if not isinstance(message, dict) or message.get("model") == "<synthetic>":
        return
    request = data.get("requestId") or message.get("id")
    if isinstance(request, str) and request and not data.get("isApiErrorMessage"):
        yield "api_calls", request


def _nothing(session_id: str) -> Json:
    none = dict.fromkeys(FACTS, 0)
    return {
        "session_id": session_id,
        **{source: {"events": 0, **none} for source in SOURCES},
        "total": dict(none),
        "only": {source: dict(none) for source in SOURCES},
        "recovered": dict.fromkeys(_RECOVERABLE, 0),
    }


def _digest(prompt: str) -> str:
    return blake2b(prompt.encode(errors="replace"), digest_size=16).hexdigest()
