"""The two pluggy markers and the version of the plugin API."""

from __future__ import annotations

import pluggy

PROJECT_NAME = "claude_mpm_monitor"
#: (major, minor): minor goes up when something is added, major when something is taken away.
API_VERSION = (1, 1)

hookspec = pluggy.HookspecMarker(PROJECT_NAME)
hookimpl = pluggy.HookimplMarker(PROJECT_NAME)
