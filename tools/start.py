"""Set up and start the monitor from a checkout: `python3 tools/start.py [options]`.

With claude-mpm on this machine, the same version of it goes into .venv beside the monitor and is
run with `--monitor`. What is installed elsewhere is not touched. `mpm-monitor start` decides the
rest; see its --help.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import setting_up

_VERSION = "import importlib.metadata as m; print(m.version('claude-mpm'))"


def main() -> None:
    """Set up .venv and become `mpm-monitor start`."""
    host = host_installation()
    python, wanted = setting_up.suitable_python(), ["--editable", "."]
    if host is not None:
        python, version = host
        wanted.append("claude-mpm==" + version)
    venv_python = setting_up.prepare(python, wanted)
    setting_up.run([str(venv_python.with_name("mpm-monitor")), "start", *sys.argv[1:]])


def host_installation() -> tuple[str, str] | None:
    """Return the interpreter and the version of the claude-mpm on PATH, if it can be used."""
    script = shutil.which("claude-mpm")
    if script is None:
        return None
    python = _interpreter(Path(script))
    if python is None or not setting_up.version_of(python):
        return None
    major_minor = tuple(int(part) for part in setting_up.version_of(python).split("."))
    result = subprocess.run([python, "-c", _VERSION], capture_output=True, text=True, check=False)
    if result.returncode or major_minor < setting_up.OLDEST:
        print(f"The claude-mpm at {script} cannot be used here; going on without it.")
        return None
    return python, result.stdout.strip()


def _interpreter(script: Path) -> str | None:
    """Return the Python that a console script names in its first line."""
    try:
        with script.open(errors="replace") as file:
            first = file.readline().strip()
    except OSError:
        return None
    return first[2:].strip().strip('"') if first.startswith("#!") else None


if __name__ == "__main__":
    setting_up.until_interrupted(main)
