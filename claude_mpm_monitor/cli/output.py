"""What the commands share in talking to a person or a script."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

MICROSECONDS = 1_000_000
PIPED_WIDTH = 160
#: What rich puts between two columns, and how narrow a column may get that gives way.
COLUMN_GAP = 3
NARROWEST = 12
# Terminal control codes in a payload must not reach the terminal: they could rewrite the screen.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def json_option(function: Decorated) -> Decorated:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")(
        function
    )


def home_option(function: Decorated) -> Decorated:
    """Add `--home`."""
    return click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        help="The monitor's folder.  [default: $CLAUDE_MPM_MONITOR_HOME or ~/.claude-mpm/monitor]",
    )(function)


def say(text: str = "") -> None:
    """Print one line for a person, with control characters taken out."""
    click.echo(plain(text))


def warn(text: str) -> None:
    """Print one line for a person on stderr."""
    click.echo(plain(text), err=True)


def print_json(value: object, *, indent: int | None = 2) -> None:
    """Print `value` as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=indent))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as wide as the terminal.

    A column named ``>name`` is aligned right; those named ``~name`` give way where room is short.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # What is piped somewhere has no width of its own; lines are then cut late rather than early.
    console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
    cells = [[plain(cell) for cell in row] for row in rows]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column, width in zip(columns, _widths(columns, cells, console.width), strict=True):
        table.add_column(
            column.lstrip(">~"),
            justify="right" if column.startswith(">") else "left",
            overflow="ellipsis",
            no_wrap=True,
            width=width,
        )
    for row in cells:
        table.add_row(*map(Text, row))
    console.print(table)


def _widths(columns: Sequence[str], rows: list[list[str]], room: int) -> list[int]:
    """Return each column's width: what it needs, but for `~` columns only what is left."""
    from rich.cells import cell_len

    needed = [
        max([cell_len(column.lstrip(">~")), *(cell_len(row[at]) for row in rows)])
        for at, column in enumerate(columns)
    ]
    over = sum(needed) + COLUMN_GAP * len(columns) - room
    for at, column in sorted(enumerate(columns), key=lambda pair: -needed[pair[0]]):
        if column.startswith("~") and over > 0:
            kept = max(needed[at] - over, min(needed[at], NARROWEST))
            over -= needed[at] - kept
            needed[at] = kept
    return needed


def plain(text: str) -> str:
    """Return `text` without terminal control characters."""
    return _CONTROL.sub("�", text)


def clock(at: int) -> str:
    """Return the local time of day of `at` (microseconds since the epoch)."""
    return datetime.fromtimestamp(at / MICROSECONDS, UTC).astimezone().strftime("%H:%M:%S")


def moment(at: int | None) -> str:
    """Return the local date and time of `at` (microseconds since the epoch)."""
    if at is None:
        return "-"
    there = datetime.fromtimestamp(at / MICROSECONDS, UTC).astimezone()
    return there.strftime("%Y-%m-%d %H:%M:%S")


def span(duration: int | None) -> str:
    """Return a duration (microseconds) in readable units: 850 ms, 12.3 s, 4 min 5 s, 2 h 3 min."""
    if duration is None:
        return "-"
    seconds = duration / MICROSECONDS
    if seconds < 1:
        return f"{duration // 1_000} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def ago(at: int | None, now: float | None = None) -> str:
    """Return how long ago `at` (microseconds since the epoch) was, in the largest fitting unit."""
    if at is None:
        return "-"
    seconds = int((time.time() if now is None else now) - at / MICROSECONDS)
    if seconds < 5:
        return "now"
    for limit, size, unit in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{seconds // size} {unit} ago"
    return f"{seconds // 86_400} days ago"


def project_name(folder: str | None) -> str:
    """Return a project's name, its folder's; sessions come from other systems, too."""
    if not folder:
        return "-"
    return (PureWindowsPath if "\\" in folder else PurePosixPath)(folder).name or folder


def size(count: int) -> str:
    """Return `count` bytes in a readable unit."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
