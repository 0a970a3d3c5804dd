"""What a report is: an analysis on demand, and the sections that the page renders by itself.

A report is asked a question (which sessions, which project, which query) and answers with sections:
counters, tables, series over time, findings. Their shape is all the page needs to show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import Event

#: What a figure counts, so that it can be written as people read it. "us" are microseconds,
#: "moment" microseconds since the epoch.
Unit = Literal["", "count", "us", "usd", "tokens", "bytes", "percent", "moment", "text", "status"]
Severity = Literal["info", "warning", "critical"]
Value = str | int | float | bool | None


class Section(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One part of a report; its kind is one of the four below."""

    title: str = ""


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """One figure with what it is."""

    label: str
    value: Value
    unit: Unit = "count"


class Counters(Section, frozen=True, kw_only=True, tag="counters"):
    """A few figures side by side."""

    counters: list[Counter]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column: which field of a row, under which title, in which unit."""

    field: str
    title: str
    unit: Unit = "text"


class Table(Section, frozen=True, kw_only=True, tag="table"):
    """Rows, each with a value for every column."""

    columns: list[Column]
    rows: list[dict[str, Value]]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a series: points of (µs since the epoch, value), oldest first."""

    label: str
    points: list[tuple[int, float]]


class Series(Section, frozen=True, kw_only=True, tag="series"):
    """Figures over time."""

    series: list[Line]
    unit: Unit = "count"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something worth a look, and where to look: a session, an event, a tool call."""

    title: str
    detail: str = ""
    severity: Severity = "info"
    session_id: str = ""
    seq: int = 0
    tool_use_id: str = ""


class Findings(Section, frozen=True, kw_only=True, tag="findings"):
    """What was found, the most important first."""

    findings: list[Finding]


class Question(Protocol):
    """What a report is asked about, read as it is asked for. The report's own thread only.

    `text` is a query as people write it; `session_id` and `project` narrow it further. Empty
    fields do not narrow. `now` is when it was asked (µs since the epoch).
    """

    text: str
    session_id: str
    project: str
    now: int

    def events(self, *kinds: str) -> Iterator[Event]:
        """Yield the events that fit, with payloads, oldest first; of these kinds, if any are."""

    def documents(self, topic: str) -> Iterator[Json]:
        """Yield the documents of a topic that belong to what is asked about.

        Of a query this follows the words only where documents have events of their own.
        """


@runtime_checkable
class Report(Protocol):
    """Answers a question with sections. `name` is part of an address: a-z, 0-9, "-", "_", ".".

    Runs on a thread of its own and may take seconds; it must depend on the question alone.
    """

    name: str
    title: str

    def run(self, question: Question) -> Iterable[Section]:
        """Return the sections, in the order they are shown."""


def as_json(section: Section) -> Json:
    """Return the section as JSON tells it; raises ValidationError when it is not what it says."""
    told: Any = msgspec.to_builtins(section)
    msgspec.convert(told, Counters | Table | Series | Findings)
    return dict(told)
