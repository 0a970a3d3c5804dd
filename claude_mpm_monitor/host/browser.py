"""Open the dashboard in the user's browser, if there is one to open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

from claude_mpm_monitor.access import Token, link, write_entry
from claude_mpm_monitor.config import Config

#: Programs that hand an address to the desktop and come back. Never `webbrowser`: it may choose
#: a text browser, which takes over the terminal claude is about to use.
_OPENERS = (["xdg-open"], ["wslview"], ["gio", "open"])


def open_dashboard(url: str, config: Config, *, token_demanded: bool) -> bool:
    """Show the dashboard at `url`, and have the browser let in where that needs the token."""
    if not token_demanded:
        return open_browser(url)
    write_entry(config.entry, link(url, Token(config.token).read()))
    return open_browser(config.entry.as_uri())


def open_browser(url: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Show `url` in the desktop's browser; False when there is none to be expected.

    Returns at once, writes nothing to the terminal. ``CLAUDE_MPM_NO_BROWSER=1`` keeps it closed.
    """
    opener = _opener(environment)
    if opener is None:
        return False
    # A shell in between, so that the opener is not a child of ours to be waited for.
    try:
        subprocess.run(
            ["/bin/sh", "-c", '"$@" &', "sh", *opener, url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=2,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return True


def _opener(environment: Mapping[str, str]) -> list[str] | None:
    """The command that opens an address on this machine's desktop."""
    if environment.get("CLAUDE_MPM_NO_BROWSER") == "1" or environment.get("CI"):
        return None
    if sys.platform == "darwin":
        return None if environment.get("SSH_CONNECTION") else ["open"]
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return None
    return next((opener for opener in _OPENERS if shutil.which(opener[0])), None)
