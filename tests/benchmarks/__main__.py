"""Runs benchmarks and prints their tables."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType

from tests.benchmarks import (
    hooking,
    importing,
    ingesting,
    memory,
    paging,
    plugging,
    querying,
    showing,
    starting,
    storing,
)
from tests.benchmarks.machine import machine
from tests.benchmarks.row import Row

ALL = (
    hooking,
    ingesting,
    showing,
    starting,
    memory,
    storing,
    querying,
    paging,
    plugging,
    importing,
)
#: Width of the longest bar of a chart (characters).
BAR = 24


def table(rows: Sequence[Row]) -> str:
    """Return rows as text: a table with a bar each.

    The first row of each unit is what the others of it are compared with. Of a unit, what stands
    behind a comma or a space tells apart what is not to be compared.
    """
    lines = [("", "ratio", "figure", "", "")]
    bases = {row.unit: row.value for row in reversed(rows)}
    largest: dict[str, float] = {}
    for row in rows:
        largest[row.unit] = max(row.value, largest.get(row.unit, 0))
    lines += [
        (
            row.name,
            f"{row.value / bases[row.unit]:.2f}" if bases[row.unit] else "",
            f"{row.value:,.1f} {row.unit.partition(',')[0].partition(' ')[0]}",
            "█" * max(1, round(BAR * row.value / (largest[row.unit] or 1))),
            row.note,
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    form = f"{{:{widths[0]}}}  {{:>{widths[1]}}}  {{:>{widths[2]}}}  {{:{BAR}}}  {{}}"
    return "\n".join(form.format(*line).rstrip() for line in lines)


def main(wanted: Sequence[str]) -> int:
    """Run the benchmarks named, all of them when none is; what else is said lists them."""
    known: dict[str, ModuleType] = {module.NAME: module for module in ALL}
    if {"-h", "--help"} & {*wanted}:
        print("python -m tests.benchmarks [NAME ...]: all, or those named (docs/performance.md)")
        for name, module in known.items():
            print(f"  {name:8}  {module.WHAT}")
        return 0
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
