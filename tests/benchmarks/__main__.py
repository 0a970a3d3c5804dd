"""Runs benchmarks and prints their tables."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from tests.benchmarks import importing, ingesting, paging, querying, storing
from tests.benchmarks.row import Row

ALL = (importing, ingesting, storing, querying, paging)


def machine() -> str:
    """Return what the figures were taken on."""
    cpu = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} x {cpu}, load {load:.1f}, Python {platform.python_version()}"


def table(rows: Sequence[Row]) -> str:
    """Return rows as text; the first of each unit is what the others of it are compared with."""
    lines = [("", "ratio", "figure", "")]
    bases = {row.unit: row.value for row in reversed(rows)}
    lines += [
        (row.name, f"{row.value / bases[row.unit]:.2f}", f"{row.value:,.1f} {row.unit}", row.note)
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        f"{name:{widths[0]}}  {ratio:>{widths[1]}}  {figure:>{widths[2]}}  {note}".rstrip()
        for name, ratio, figure, note in lines
    )


def main(wanted: Sequence[str]) -> int:
    """Run the benchmarks named, all of them when none is."""
    known: dict[str, ModuleType] = {module.NAME: module for module in ALL}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    print(machine())
    for name in wanted or known:
        print(f"\n{name}: {known[name].WHAT}")
        print(table(known[name].run()), flush=True)
    return 0


sys.exit(main(sys.argv[1:]))
