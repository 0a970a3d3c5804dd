"""Monitors for tests: the built-in plugin, the ones asked for, and nothing that happens to be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from pathlib import Path

import msgspec

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.hookspecs import PROJECT_NAME
from claude_mpm_monitor.monitor import Monitor


def new_monitor(
    home: Path,
    plugins: Iterable[object],
    settings: Mapping[str, Mapping[str, bool | int | float | str]],
) -> Monitor:
    """Return a monitor that is not started yet, on a free port, with these plugins only.

    Raises AssertionError with the plugin's own message when one of them does not load.
    """
    asked = {_name(plugin): plugin for plugin in plugins}
    installed = {entry.name for entry in entry_points(group=PROJECT_NAME)}
    if missing := [name for name, it in asked.items() if it == name and name not in installed]:
        raise AssertionError(f"no plugin {missing[0]!r} is installed")
    config = msgspec.structs.replace(
        Config.from_environment(home=home, port=0),
        disabled_plugins=frozenset(installed - asked.keys()),
        plugin_files=(),
    )
    if settings:
        home.mkdir(parents=True, exist_ok=True)
        config.plugin_settings.write_text(_toml(settings), encoding="utf-8")
    given = [plugin for name, plugin in asked.items() if name not in installed]
    monitor = Monitor(config, plugins=given)
    for state in monitor.plugins.states():
        problem = state["error"] or ("" if state["state"] == "active" else state["state"])
        assert state["name"] not in asked or not problem, f"{state['name']}: {problem}"
    return monitor


def _name(plugin: object) -> str:
    if isinstance(plugin, str):
        return plugin
    return str(getattr(plugin, "__name__", type(plugin).__name__))


def _toml(settings: Mapping[str, Mapping[str, bool | int | float | str]]) -> str:
    """A JSON text is a TOML text, too; so are JSON's numbers and truth values."""
    lines = []
    for plugin, values in settings.items():
        lines.append(f"[{json.dumps(plugin)}]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    return "\n".join([*lines, ""])
