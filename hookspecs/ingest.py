"""Hooks on the way of an event into the log, and what brings further ones in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.model.decoder import Decoder
    from claude_mpm_monitor.model.enricher import Enricher
    from claude_mpm_monitor.model.importer import Importer
    from claude_mpm_monitor.model.redactor import Redactor
    from claude_mpm_monitor.model.setting import Settings


@hookspec
def monitor_register_decoders(config: Config, settings: Settings) -> Iterable[Decoder]:  # type: ignore[empty-body]
    """Return decoders, one for each dialect this plugin understands.

    Called once, when the monitor is created, on a thread of the plugin's own. The decoders then run
    on the writer thread. A dialect that is taken already is refused and the plugin shown as failed.
    Raising leaves this plugin's decoders out and shows the plugin as failed at
    ``/api/v1/plugins``. A decoder that raises anything but ``DecodeError`` loses nothing: the
    delivery is kept as a dead letter and the failure counted against the plugin.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_register_redactors(config: Config, settings: Settings) -> Iterable[Redactor]:  # type: ignore[empty-body]
    """Return redactors: each hides what nobody should read in every delivery.

    Called once, when the monitor is created, on a thread of the plugin's own. They then run on the
    writer thread, before a delivery is decoded or kept anywhere, in the order of their plugins;
    Claude may be waiting, so they must be done within a fraction of a millisecond. One that raises
    leaves the text as it was; after ten times in a row it is left alone, and the page says so.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_register_enrichers(config: Config, settings: Settings) -> Iterable[Enricher]:  # type: ignore[empty-body]
    """Return enrichers: each may complete an event before it is stored.

    Called once, when the monitor is created, on a thread of the plugin's own. They then run on the
    writer thread, for every event, or for those of the kinds that `kinds` names (since 1.1), in the
    order of their plugins; Claude may be waiting, so they must be done within a fraction of a
    millisecond. What identifies an event, its time and its payload cannot be changed. One that
    raises leaves the event as it was; after ten times in a row it is left alone.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_register_importers(config: Config, settings: Settings) -> Iterable[Importer]:  # type: ignore[empty-body]
    """Return importers: each reads files of one kind for ``mpm-monitor import``.

    Called once, when the monitor is created, on a thread of the plugin's own. They then run on
    one, too, in the process of ``mpm-monitor import``, and have 5 seconds to say whether a file is
    theirs and 10 for every 500 deliveries. What they yield goes the way of all deliveries: through
    redactors, the decoder of its dialect, enrichers. Raising ends the file with a sentence, and
    what was read of it stays; after ten times in a row, or one that hangs, the importer is left
    alone. A name that is taken is refused and the plugin shown as failed.

    .. versionadded:: 1.1
    """
