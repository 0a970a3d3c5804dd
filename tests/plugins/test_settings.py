"""The user's plugins.toml against what plugins declare."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from claude_mpm_monitor import Config, Setting, hookimpl
from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.plugins.registry import Registry
from claude_mpm_monitor.plugins.settings import SettingsFile

DECLARED = [
    Setting(name="limit", default=10.0, minimum=0, maximum=60, help="Seconds."),
    Setting(name="count", default=3, help="How many."),
    Setting(name="loud", default=False, help="Whether to shout."),
    Setting(name="style", default="plain", choices=("plain", "fancy"), help="How it looks."),
]


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(text: str) -> SettingsFile:
        (tmp_path / "plugins.toml").write_text(text)
        return SettingsFile(tmp_path / "plugins.toml")

    return write


def test_what_is_not_set_has_its_default(file: Any) -> None:
    settings = file("[other]\nlimit = 1\n").settings_of("mine", DECLARED)

    assert (settings.limit, settings.count, settings.loud, settings.style) == (
        10.0,
        3,
        False,
        "plain",
    )


def test_what_is_set_counts_and_a_whole_number_will_do_for_a_fraction(file: Any) -> None:
    settings = file('[mine]\nlimit = 5\nloud = true\nstyle = "fancy"\n').settings_of(
        "mine", DECLARED
    )

    assert (settings.limit, type(settings.limit)) == (5.0, float)
    assert (settings.loud, settings.style) == (True, "fancy")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('limit = "5"', "limit is '5', a number was expected. Seconds."),
        ("limit = -1", "limit is -1.0, at least 0 was expected"),
        ("limit = 61", "at most 60"),
        ("count = 1.5", "a whole number was expected"),
        ("count = true", "a whole number was expected"),
        ("loud = 1", "true or false"),
        ('style = "ugly"', "one of plain, fancy"),
        ("limits = 5", "no setting 'limits'. Did you mean limit?"),
        ("zzz = 5", "It has: limit, count, loud, style."),
    ],
)
def test_what_cannot_be_used_is_named(file: Any, line: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        file(f"[mine]\n{line}\n").settings_of("mine", DECLARED)

    assert problem in str(caught.value)
    assert "plugins.toml: [mine]" in str(caught.value)


def test_a_file_that_is_no_toml_fails_those_who_want_settings_from_it(file: Any) -> None:
    broken = file("[mine\n")

    with pytest.raises(ConfigError, match="cannot be read"):
        broken.settings_of("mine", DECLARED)
    broken.settings_of("another", [])


def test_a_setting_that_was_not_declared_is_no_attribute(file: Any) -> None:
    settings = file("").settings_of("mine", DECLARED)

    with pytest.raises(AttributeError, match="declares no setting 'nonsense'"):
        settings.nonsense  # noqa: B018
    with pytest.raises(AttributeError, match="cannot be changed"):
        settings.limit = 3


class Choosy:
    def __init__(self) -> None:
        self.got: list[object] = []

    @hookimpl
    def monitor_register_settings(self) -> list[Setting]:
        return DECLARED

    @hookimpl
    def monitor_register_analyzers(self, settings: Any) -> list[Any]:
        self.got.append(settings.limit)
        return []


def registry(home: Path, plugin: object) -> Registry:
    log = new_logger(logging.getLogger("claude_mpm_monitor.tests"))
    return Registry(Config(home=home), [plugin], log)


def test_the_hooks_of_a_plugin_get_its_settings(tmp_path: Path) -> None:
    (tmp_path / "plugins.toml").write_text("[Choosy]\nlimit = 7\n")
    plugin = Choosy()

    registry(tmp_path, plugin)

    assert plugin.got == [7.0]


def test_a_plugin_with_a_setting_that_cannot_be_used_takes_no_part(tmp_path: Path) -> None:
    (tmp_path / "plugins.toml").write_text("[Choosy]\nlimit = 700\n")
    plugin = Choosy()

    (state,) = [s for s in registry(tmp_path, plugin).states() if s["name"] == "Choosy"]

    assert plugin.got == []
    assert state["state"] == "failed"
    assert "at most 60" in state["error"]
