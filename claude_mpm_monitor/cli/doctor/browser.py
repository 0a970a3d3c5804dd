"""Can a browser be opened from here?"""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Iterator

from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.config import Config


def check(config: Config) -> Iterator[Finding]:
    """Report whether the dashboard can open by itself."""
    if not config.open_browser:
        yield Finding("browser", "note", "CLAUDE_MPM_NO_BROWSER=1: the browser stays closed")
        return
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("BROWSER")
    ):
        yield Finding(
            "browser",
            "note",
            "no display here, so no browser opens by itself",
            f"On a remote machine: ssh -L {config.port}:localhost:{config.port} <this machine>, "
            f"then open http://localhost:{config.port}/dashboard.",
        )
        return
    try:
        webbrowser.get()
    except webbrowser.Error:
        yield Finding("browser", "note", "no browser found; open the printed address yourself")
        return
    yield Finding("browser", "ok", "a browser can be opened")
