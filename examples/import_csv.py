"""Events from a table: a CSV file with the columns time, kind, session and text, a row for each.

    cp examples/import_csv.py ~/.claude-mpm/monitor/plugins/
    mpm-monitor import deployments.csv

Times are as ISO 8601 writes them (2026-03-01T10:00:00Z), local where no zone is said.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from claude_mpm_monitor import Importer, Raw, hookimpl

COLUMNS = {"time", "kind", "session", "text"}


class CsvImporter:
    """Reads such tables; whatever other columns there are is in the payload."""

    name = "csv"
    suffixes: tuple[str, ...] = (".csv",)

    def reads(self, path: Path) -> bool:
        """Tell by the names of the columns."""
        with path.open(newline="", encoding="utf-8-sig") as file:
            try:
                return set(next(csv.reader(file), ())) >= COLUMNS
            except (UnicodeDecodeError, csv.Error):
                return False  # no such table: others write files of that name, too

    def read(self, path: Path) -> Iterator[Raw]:
        """Yield the rows, each as an event that a program might have handed over by REST."""
        with path.open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file, restkey="more"):
                at = round(datetime.fromisoformat(row["time"]).timestamp() * 1_000_000)
                event = {
                    "kind": row["kind"],
                    "session_id": row["session"],
                    "at": at,
                    "summary": row["text"],
                    "payload": row,
                    # The same row is the same fact: a second import stores nothing new.
                    "event_id": json.dumps(row, sort_keys=True),
                }
                yield Raw(dialect="api", body=json.dumps(event).encode(), at=at, source="csv")


@hookimpl
def monitor_register_importers() -> list[Importer]:
    """Hand the importer to `mpm-monitor import`."""
    return [CsvImporter()]
