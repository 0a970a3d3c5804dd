"""The user's ``plugins.toml``: a table for each plugin, checked against what the plugin declares.

[slow_tools]
limit_seconds = 5
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from claude_mpm_monitor.errors import ConfigError, PluginError
from claude_mpm_monitor.model.setting import Setting, Settings, Value

_EXPECTED = {
    bool: "true or false was expected",
    int: "a whole number was expected",
    float: "a number was expected",
    str: "a text was expected",
}


class SettingsFile:
    """The tables of one file. Read once, on the thread that creates the monitor."""

    def __init__(self, path: Path) -> None:
        self._path = path
        #: Why no plugin gets its settings, "" when they can be read.
        self.error = ""
        self._tables: dict[str, Any] = {}
        try:
            self._tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.error = f"{path} cannot be read: {error}"

    def settings_of(self, plugin: str, declared: Iterable[object]) -> Settings:
        """Return the values of the plugin's settings.

        Raises PluginError when a declaration is none, ConfigError with a sentence for the user
        when a value cannot be used.
        """
        known: dict[str, Setting] = {}
        for setting in declared:
            if not isinstance(setting, Setting):
                raise PluginError(f"{setting!r} is no Setting")
            known[setting.name] = setting
        given = self._tables.get(plugin, {})
        if known and self.error:
            raise ConfigError(self.error)
        if not isinstance(given, Mapping):
            raise ConfigError(f"{self._path}: [{plugin}] must be a table of settings")
        for name in given:
            if name not in known:
                raise ConfigError(f"{self._path}: [{plugin}] {_unknown(name, known)}")
        return Settings(
            {name: self._value(plugin, setting, given) for name, setting in known.items()}
        )

    def _value(self, plugin: str, setting: Setting, given: Mapping[str, Any]) -> Value:
        value = given.get(setting.name, setting.default)
        expected = type(setting.default)
        if expected is float and type(value) is int:
            value = float(value)
        problem = _EXPECTED[expected] if type(value) is not expected else _bounds(setting, value)
        if problem:
            place = f"{self._path}: [{plugin}] {setting.name}"
            raise ConfigError(f"{place} is {value!r}, {problem}. {setting.help}")
        checked: Value = value
        return checked


def _bounds(setting: Setting, value: Value) -> str:
    if isinstance(value, str):
        allowed = not setting.choices or value in setting.choices
        return "" if allowed else f"one of {', '.join(setting.choices)} was expected"
    if setting.minimum is not None and value < setting.minimum:
        return f"at least {setting.minimum:g} was expected"
    if setting.maximum is not None and value > setting.maximum:
        return f"at most {setting.maximum:g} was expected"
    return ""


def _unknown(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    hint = f" Did you mean {near[0]}?" if near else f" It has: {', '.join(known) or 'none'}."
    return f"has no setting {name!r}.{hint}"
