"""Loader: finds plugins by entry point and registers each on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

import pluggy
import structlog

from claude_mpm_monitor.hookspecs import PROJECT_NAME, analysis, dashboard, ingest, lifecycle, run
from claude_mpm_monitor.plugins.guard import Guard, PluginState

#: Registered from here even when the package's own metadata is not installed (a zip, a checkout).
BUILTIN = ("builtin", "claude_mpm_monitor.plugins.builtin")


def new_manager() -> pluggy.PluginManager:
    """Return a plugin manager that knows every hook and no plugin."""
    manager = pluggy.PluginManager(PROJECT_NAME)
    for specifications in (lifecycle, ingest, analysis, dashboard, run):
        manager.add_hookspecs(specifications)
    return manager


def load_plugins(
    manager: pluggy.PluginManager,
    extra: Iterable[object],
    disabled: frozenset[str],
    log: structlog.typing.FilteringBoundLogger,
) -> dict[str, Guard]:
    """Register the built-in plugin, those installed, and `extra`; return a guard for each.

    A plugin that cannot be loaded or registered is in the result with the state "failed".
    """
    guards: dict[str, Guard] = {}
    name, module = BUILTIN
    _register(manager, guards, PluginState(name=name), lambda: import_module(module), log)
    for entry in entry_points(group=PROJECT_NAME):
        if entry.name == name:
            continue
        state = PluginState(name=entry.name, version=_version(entry))
        if entry.name in disabled:
            state.state = "disabled"
            guards[entry.name] = Guard(state, log)
            continue
        _register(manager, guards, state, entry.load, log)
    for number, plugin in enumerate(extra):
        label = getattr(plugin, "__name__", type(plugin).__name__)
        state = PluginState(name=label if label not in guards else f"{label}-{number}")
        _register(manager, guards, state, partial(_itself, plugin), log)
    return guards


def _register(
    manager: pluggy.PluginManager,
    guards: dict[str, Guard],
    state: PluginState,
    load: Callable[[], object],
    log: structlog.typing.FilteringBoundLogger,
) -> None:
    guard = guards[state.name] = Guard(state, log)
    try:
        plugin = load()
        manager.register(plugin, name=state.name)
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever importing a module raises
        guard.fail("loading", error)
        # pluggy leaves in what it took before the hook that does not fit.
        if manager.has_plugin(state.name):
            manager.unregister(name=state.name)
        return
    callers = manager.get_hookcallers(plugin) or ()
    state.hooks = sorted(caller.name for caller in callers if caller.has_spec())
    if unknown := _unknown_hooks(plugin, state.hooks):
        state.error = f"no such hook: {', '.join(unknown)}"


def _itself(plugin: object) -> object:
    return plugin


def _unknown_hooks(plugin: object, known: list[str]) -> list[str]:
    marker = f"{PROJECT_NAME}_impl"
    names = (name for name in dir(plugin) if name.startswith("monitor_"))
    return [n for n in names if hasattr(getattr(plugin, n, None), marker) and n not in known]


def _version(entry: EntryPoint) -> str:
    return entry.dist.version if entry.dist is not None else ""
