"""Does the monitor get loaded into `claude-mpm run --monitor`?

One line in site-packages does that, when Python starts. It is tried out here with a script that
is named like the host's, because that is what the line goes by.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.config import Config

PTH_NAME = "claude_mpm_monitor.pth"
_PROBE = (
    "import sys\n"
    "print(any(type(f).__module__.startswith('claude_mpm_monitor.') for f in sys.meta_path))\n"
)


def check(config: Config) -> Iterator[Finding]:
    """Report whether a monitored run of claude-mpm in this environment would be ours."""
    if os.environ.get("CLAUDE_MPM_MONITOR") == "0":
        yield Finding(
            "loading",
            "warning",
            "CLAUDE_MPM_MONITOR=0 switches the monitor off for `claude-mpm run --monitor`",
            "unset CLAUDE_MPM_MONITOR",
        )
        return
    present = [folder for folder in map(Path, sys.path) if (folder / PTH_NAME).is_file()]
    if present and _is_loaded():
        yield Finding("loading", "ok", f"`claude-mpm run --monitor` loads it by {present[0]}")
    elif present:
        yield Finding(
            "loading",
            "problem",
            f"{present[0] / PTH_NAME} is there, but Python does not execute it",
            "Use `mpm-monitor run --monitor …` instead of `claude-mpm run --monitor …`, "
            "or install the monitor again.",
        )
    else:
        yield Finding(
            "loading",
            "problem",
            f"no {PTH_NAME} in this environment, so claude-mpm starts its own monitor",
            "Install the monitor again: python -m pip install --force-reinstall --no-deps "
            "claude-mpm-monitor. Until then use `mpm-monitor run --monitor …`.",
        )


def _is_loaded() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "claude-mpm")
        script.write_text(_PROBE)
        result = subprocess.run(
            [sys.executable, str(script), "run", "--monitor"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    return result.stdout.strip() == "True"
