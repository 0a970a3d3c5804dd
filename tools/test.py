"""Set up and run the tests, browser included: `python3 tools/test.py [options of pytest]`.

The browser is the machine's own Chromium or Chrome. Where there is none and apt can be used, it is
installed with apt; nothing is ever downloaded past the package manager.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import setting_up

#: The same as in tests/e2e/conftest.py.
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def main() -> None:
    """Set up .venv and a browser, then become pytest."""
    python = setting_up.prepare(setting_up.suitable_python(), ["--editable", ".[test]"])
    if browser() is None:
        install_browser()
    os.chdir(str(setting_up.ROOT))
    everything_here = ["-m", "not host and not rig"]
    setting_up.run([str(python.with_name("pytest")), "-q", *everything_here, *sys.argv[1:]])


def browser() -> str | None:
    """Return the browser the tests will drive."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def install_browser() -> None:
    """Install Chromium with apt, or say what to install."""
    become_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and _succeeds([*become_root, "true"]):
        print("Installing Chromium for the browser tests ...", flush=True)
        apt = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        _succeeds([*apt, "update"])
        _succeeds([*apt, "install", "-y", "--no-install-recommends", "chromium"])
    if browser() is None:
        setting_up.fail(
            "The browser tests need Chromium or Chrome, and none is installed. Install it, or run "
            "the others alone:\n  .venv/bin/pytest"
        )


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    setting_up.until_interrupted(main)
