"""What the life-cycle hooks of a run hand over: its options, and the command that starts claude."""

from __future__ import annotations

import msgspec


class RunOptions(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the host with ``--monitor``. Immutable; any thread."""

    #: "claude-mpm", or "claude" where Claude Code is run without it.
    host_name: str
    #: As the host reports it; "" when it does not.
    host_version: str
    #: The host's command line, without the program's name.
    arguments: tuple[str, ...]
    #: Absolute path of the folder the run was started in.
    directory: str
    #: The dashboard port asked for; the one in use is part of the address chosen.
    port: int


class ClaudeLaunch(msgspec.Struct, kw_only=True):
    """How claude is about to be started. A plugin may change both members in place."""

    command: list[str]
    environment: dict[str, str]
