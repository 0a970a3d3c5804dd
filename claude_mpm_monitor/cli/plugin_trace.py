"""`mpm-monitor plugins trace`: what one plugin does when it is loaded, and what it costs."""

from __future__ import annotations

import traceback
import tracemalloc
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claude_mpm_monitor.cli.client import find
from claude_mpm_monitor.cli.output import home_option, say, size
from claude_mpm_monitor.cli.plugins import taken
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError

if TYPE_CHECKING:
    from claude_mpm_monitor.plugins.registry import Registry


@click.command(short_help="Load a plugin and say what happens, in full.")
@click.argument("name")
@home_option
def command(name: str, home: Path | None) -> None:
    """Load the plugins here and say of one what it adds, how long that took, and what it raised.

    Tells the memory that its own lines hold after loading, and of a running monitor what the plugin
    costs there.
    """
    import structlog

    from claude_mpm_monitor.plugins.registry import Registry

    config = Config.from_environment(home=home)
    raised: list[tuple[str, BaseException]] = []

    def keep(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        error = event.get("exc_info")
        if event.get("plugin") == name and isinstance(error, BaseException):
            raised.append((event.get("where", ""), error))
        return event

    log = structlog.wrap_logger(structlog.ReturnLogger(), processors=[keep])
    tracemalloc.start()
    registry = Registry(config, (), log)
    held = tracemalloc.take_snapshot()
    tracemalloc.stop()
    states = {state["name"]: state for state in registry.states()}
    if name not in states:
        raise MonitorError(f"There is no plugin {name!r}; there are {', '.join(states)}.")
    state = states[name]
    say(f"{name} {state['version']}".rstrip() + f": {state['state']}")
    say(f"  loaded in {state['load_seconds'] * 1_000:.1f} ms{_memory(registry, name, held)}")
    for hook in state["hooks"]:
        say(f"  implements {hook}")
    for kind, names in state["adds"].items():
        say(f"  adds {kind}: {', '.join(names)}")
    if state["error"]:
        say(f"  {state['error']}")
    for where, error in raised:
        say(f"\n{where}")
        say("".join(traceback.format_exception(error)).rstrip())
    _say_running(config, name)


def _memory(registry: Registry, name: str, held: tracemalloc.Snapshot) -> str:
    """Say how much its own lines hold; nothing of a plugin that is no file."""
    path = getattr(registry.manager.get_plugin(name), "__file__", None)
    if path is None:
        return ""
    file = Path(path)
    pattern = str(file.parent / "*") if file.name == "__init__.py" else str(file)
    own = held.filter_traces([tracemalloc.Filter(inclusive=True, filename_pattern=pattern)])
    total = sum(statistic.size for statistic in own.statistics("filename"))
    return f"; its own lines hold {total / 1_000:,.0f} kB"


def _say_running(config: Config, name: str) -> None:
    running = find(config)
    known = running.get("/api/v1/plugins")["plugins"] if running is not None else []
    for plugin in known:
        if plugin["name"] == name:
            say(f"\nIn the running monitor: {plugin['state']}")
            say(f"  {plugin['calls']:,} calls, {plugin['seconds'] * 1_000:,.1f} ms in all")
            if plugin["load_bytes"]:
                say(f"  the process grew by {size(plugin['load_bytes'])} as it was loaded")
            memory, stored = plugin["memory"], plugin["stored"]
            say(f"  its data takes {taken(memory)} in {memory['objects']:,} objects")
            if stored["documents"]:
                say(f"  has stored {stored['documents']:,} documents, {taken(stored)}")
            if plugin["slowest_call"]:
                slowest = plugin["slowest"] * 1_000
                say(f"  the slowest: {slowest:,.1f} ms, {plugin['slowest_call']}")
            if plugin["error"]:
                say(f"  {plugin['failures']} failures; the last: {plugin['error']}")
