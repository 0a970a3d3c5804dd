"""Tool calls as a table: comma-separated values for a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any, BinaryIO

from claude_mpm_monitor.export.began import began
from claude_mpm_monitor.model.exporter import Recording

_COLUMNS = (
    "started_at",
    "agent_id",
    "tool_name",
    "status",
    "duration_ms",
    "detail",
    "error",
    "tool_use_id",
    "prompt_id",
)
#: A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvTable:
    """One tool call a row, by the time it began (ISO 8601, UTC)."""

    name = "csv"
    suffix = ".csv"
    media_type = "text/csv"

    def export(self, recording: Recording, out: BinaryIO) -> None:
        """Write the recording."""
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        try:
            rows = csv.writer(text)
            rows.writerow(_COLUMNS)
            calls = sorted(recording.documents("tool_call"), key=began)
            for call in calls:
                rows.writerow([_cell(value) for value in _values(call)])
        finally:
            text.detach()  # the file is its owner's to close


def _values(call: dict[str, Any]) -> list[Any]:
    duration = call["duration_us"]
    shown = {
        **call,
        "started_at": datetime.fromtimestamp(began(call) / 1e6, UTC).isoformat(),
        "duration_ms": "" if duration is None else duration / 1_000,
    }
    return [shown[name] for name in _COLUMNS]


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
