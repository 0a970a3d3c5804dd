"""Setting: one value that a plugin lets its user choose."""

from __future__ import annotations

from typing import Any

import msgspec

Value = bool | int | float | str


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting, in the user's ``plugins.toml`` under the plugin's name.

    Its type is that of `default`; a whole number will do for a fractional one. `minimum` and
    `maximum` bound numbers, both included; `choices` are the only texts allowed. `help` says in a
    sentence what it does, in which unit.
    """

    name: str
    default: Value
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


class Settings:
    """The values of one plugin's settings, by name, as attributes. Immutable; any thread."""

    def __init__(self, values: dict[str, Value]) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"this plugin declares no setting {name!r}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("settings are read from plugins.toml and cannot be changed")
