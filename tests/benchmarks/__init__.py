"""Benchmarks: how fast it is, beside the alternatives, in one run.

    python -m tests.benchmarks              # all of them
    python -m tests.benchmarks import       # one

Each is a module with `NAME`, `WHAT` and `run() -> list[Row]`. Ratios within a run are what to
compare: absolute figures move with the machine and with what else it does.
"""
