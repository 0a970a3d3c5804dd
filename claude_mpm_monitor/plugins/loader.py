"""Loader: finds plugins, by entry point and by file, and registers each on its own."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pluggy
import structlog

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import PluginError
from claude_mpm_monitor.hookspecs import API_VERSION, PROJECT_NAME, SPECIFICATIONS
from claude_mpm_monitor.hookspecs.deprecations import DEPRECATED
from claude_mpm_monitor.plugins.choice import Choice
from claude_mpm_monitor.plugins.footprint import resident_bytes
from claude_mpm_monitor.plugins.guard import Guard, PluginState
from claude_mpm_monitor.plugins.lane import Lane

#: Registered from here even when the package's own metadata is not installed (a zip, a checkout).
BUILTIN = ("builtin", "claude_mpm_monitor.plugins.builtin")
#: A plugin may say with this attribute which version of the API it was written for: (major, minor).
WRITTEN_FOR = "MONITOR_API_VERSION"
#: How long importing a plugin may take before it is left out.
LOAD_SECONDS = 10.0

Log = structlog.typing.FilteringBoundLogger
Load = Callable[[], object]


def new_manager() -> pluggy.PluginManager:
    """Return a plugin manager that knows every hook and no plugin."""
    manager = pluggy.PluginManager(PROJECT_NAME)
    for specifications in SPECIFICATIONS:
        manager.add_hookspecs(specifications)
    return manager


def load_plugins(
    manager: pluggy.PluginManager, extra: Iterable[object], config: Config, log: Log
) -> dict[str, Guard]:
    """Register all plugins: built-in, installed, single files, and `extra`; a guard for each.

    That is also the order in which hooks call them. A plugin that cannot be loaded or registered
    is in the result with the state "failed", one that is disabled with that state.
    """
    guards: dict[str, Guard] = {}
    # One thread for all: they are called one after another, and one that hangs is left its thread.
    shared = Lane("hooks")
    disabled = config.disabled_plugins | Choice(config.disabled_file).disabled()
    for state, load in _found(config, extra):
        if state.name in guards:
            state = _renamed(state, guards)
        built_in = state.name == BUILTIN[0]
        guard = guards[state.name] = Guard(state, log, lane=None if built_in else shared)
        if state.name in disabled and not built_in:
            state.state = "disabled"
        else:
            _register(manager, guard, load)
    return guards


def _found(config: Config, extra: Iterable[object]) -> Iterator[tuple[PluginState, Load]]:
    name, module = BUILTIN
    yield PluginState(name=name), partial(import_module, module)
    for entry in sorted(entry_points(group=PROJECT_NAME), key=lambda entry: entry.name):
        if entry.name != name:
            yield PluginState(name=entry.name, version=_version(entry)), entry.load
    for path in (*sorted(config.plugins_folder.glob("*.py")), *config.plugin_files):
        yield PluginState(name=path.stem, path=str(path)), partial(_load_file, path)
    for plugin in extra:
        label = getattr(plugin, "__name__", type(plugin).__name__)
        yield PluginState(name=label), partial(_itself, plugin)


def _renamed(state: PluginState, taken: dict[str, Guard]) -> PluginState:
    number = 1
    while f"{state.name}-{number}" in taken:
        number += 1
    state.name = f"{state.name}-{number}"
    return state


def _load_file(path: Path) -> ModuleType:
    """Import a file under a name of its own: it may be called like a module that exists."""
    name = f"claude_mpm_monitor_plugin_{path.stem}"
    specification = spec_from_file_location(name, path)
    if specification is None or specification.loader is None or not path.is_file():
        raise PluginError(f"there is no Python file {path}")
    module = sys.modules[name] = module_from_spec(specification)
    try:
        specification.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _register(manager: pluggy.PluginManager, guard: Guard, load: Load) -> None:
    state, lane = guard.state, guard.lane
    started, before = time.perf_counter(), resident_bytes()
    try:
        plugin = load() if lane is None else lane.call(load, seconds=LOAD_SECONDS)
        _check_version(plugin)
        manager.register(plugin, name=state.name)
        _check_wrappers(manager, plugin)
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever importing a module raises
        guard.fail("loading", error)
        # pluggy leaves in what it took before the hook that does not fit.
        if manager.has_plugin(state.name):
            manager.unregister(name=state.name)
        return
    finally:
        state.load_seconds += time.perf_counter() - started
        state.load_bytes += max(0, resident_bytes() - before)
    callers = manager.get_hookcallers(plugin) or ()
    state.hooks = sorted(caller.name for caller in callers if caller.has_spec())
    state.notices = [
        f"{hook} is deprecated: {DEPRECATED[hook]}" for hook in state.hooks if hook in DEPRECATED
    ]
    if unknown := _unknown_hooks(plugin, state.hooks):
        state.error = f"no such hook: {', '.join(unknown)}"


def _check_wrappers(manager: pluggy.PluginManager, plugin: object) -> None:
    for caller in manager.get_hookcallers(plugin) or ():
        for implementation in caller.get_hookimpls():
            wraps = implementation.wrapper or implementation.hookwrapper
            if implementation.plugin is plugin and wraps:
                raise PluginError(f"{caller.name} wraps others: every plugin is called on its own")


def _check_version(plugin: object) -> None:
    wanted = getattr(plugin, WRITTEN_FOR, API_VERSION)
    if not isinstance(wanted, tuple) or [type(part) for part in wanted] != [int, int]:
        raise PluginError(f"{WRITTEN_FOR} is {wanted!r}: two numbers such as (1, 0) were expected")
    if wanted[0] != API_VERSION[0] or wanted > API_VERSION:
        asked, have = (".".join(map(str, version)) for version in (wanted, API_VERSION))
        newer = wanted > API_VERSION
        who = "claude-mpm-monitor" if newer else "the plugin"
        raise PluginError(f"it needs plugin API {asked}, this monitor has {have}: upgrade {who}")


def _itself(plugin: object) -> object:
    return plugin


def _unknown_hooks(plugin: object, known: list[str]) -> list[str]:
    marker = f"{PROJECT_NAME}_impl"
    names = (name for name in dir(plugin) if name.startswith("monitor_"))
    return [n for n in names if hasattr(getattr(plugin, n, None), marker) and n not in known]


def _version(entry: EntryPoint) -> str:
    return entry.dist.version if entry.dist is not None else ""
