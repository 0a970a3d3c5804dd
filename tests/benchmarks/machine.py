"""The machine that figures were taken on."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def machine() -> str:
    """Return what the figures were taken on, and how busy it was."""
    return f"{kind()}, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"


def kind() -> str:
    """Return what machine this is: its processors."""
    cpu = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    return f"{os.cpu_count()} x {cpu}"
