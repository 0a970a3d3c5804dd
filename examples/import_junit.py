"""Test runs beside the sessions that wanted them: every test of a JUnit report becomes an event.

    cp examples/import_junit.py ~/.claude-mpm/monitor/plugins/
    pytest --junit-xml=report.xml; mpm-monitor import report.xml

`kind:TestFailed` finds what failed. An importer reads the file and a decoder understands what it
yields; a CI server may as well hand `Monitor.ingest` its reports in the same dialect.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from claude_mpm_monitor import DecodeError, Decoder, Event, Importer, Raw, hookimpl

DIALECT = "junit"
KINDS = {"failure": "TestFailed", "error": "TestFailed", "skipped": "TestSkipped"}


class JUnitDecoder:
    """Turns a suite into an event for each of its tests. On the writer thread."""

    dialect = DIALECT

    def decode(self, raw: Raw) -> list[Event]:
        """Return the events; what is no suite is kept as a dead letter with the reason."""
        try:
            suite = ElementTree.fromstring(raw.body)
        except ElementTree.ParseError as error:
            raise DecodeError(f"no XML: {error}") from None
        if suite.tag != "testsuite":
            raise DecodeError(f"a testsuite was expected, this is {suite.tag!r}")
        at, events = raw.at, []
        for case in suite.iter("testcase"):
            at += round(float(case.get("time") or 0) * 1_000_000)
            events.append(self._event(suite, case, at, raw))
        return events

    def _event(
        self, suite: ElementTree.Element, case: ElementTree.Element, at: int, raw: Raw
    ) -> Event:
        name = ".".join(part for part in (case.get("classname"), case.get("name")) if part)
        outcome = next((child for child in case if child.tag in KINDS), None)
        told: dict[str, Any] = {"test": name, "suite": suite.get("name"), **case.attrib}
        if outcome is not None:
            told["message"] = outcome.get("message") or outcome.text
        # The same test of the same run is the same fact, however often the report is read.
        fact = f"{suite.get('name')}/{raw.at}/{name}".encode()
        return Event(
            kind="TestPassed" if outcome is None else KINDS[outcome.tag],
            session_id="",
            at=at,
            source=raw.source,
            event_id=hashlib.blake2b(fact, digest_size=16).hexdigest(),
            summary=name,
            payload=json.dumps(told).encode(),
        )


class JUnitReports:
    """Finds the suites in a report. On a thread of the plugin's own."""

    name = "junit"
    suffixes: tuple[str, ...] = (".xml",)

    def reads(self, path: Path) -> bool:
        """Tell by the first words: others write XML, too."""
        with path.open("rb") as file:
            return b"<testsuite" in file.read(1_000)

    def read(self, path: Path) -> Iterator[Raw]:
        """Yield a delivery for each suite, at the time when it began."""
        changed = path.stat().st_mtime
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            told = suite.get("timestamp")
            began = datetime.fromisoformat(told).timestamp() if told else changed
            at = round(began * 1_000_000)
            yield Raw(dialect=DIALECT, body=ElementTree.tostring(suite), at=at, source="junit")


@hookimpl
def monitor_register_decoders() -> list[Decoder]:
    """What a suite means."""
    return [JUnitDecoder()]


@hookimpl
def monitor_register_importers() -> list[Importer]:
    """Where suites come from."""
    return [JUnitReports()]
