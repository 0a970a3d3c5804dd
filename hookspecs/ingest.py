"""Hooks that teach the monitor to understand further kinds of deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.model.decoder import Decoder


@hookspec
def monitor_register_decoders(config: Config) -> Iterable[Decoder]:  # type: ignore[empty-body]
    """Return decoders, one for each dialect this plugin understands.

    Called once, when the monitor is created, on the thread that creates it; the decoders then run
    on the writer thread. A dialect that is taken already is refused and the plugin shown as failed.
    Raising leaves this plugin's decoders out and shows the plugin as failed at
    ``/api/v1/plugins``. A decoder that raises anything but ``DecodeError`` loses nothing: the
    delivery is kept as a dead letter and the failure counted against the plugin.

    .. versionadded:: 1.0
    """
