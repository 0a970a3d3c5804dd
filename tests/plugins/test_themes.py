"""Themes: what a plugin may register, what the page is told, and how the built-in ones read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from testkit.colours import FILLS, SERIES, SURFACES, TEXTS, colour, too_close
from testkit.wire import get

from claude_mpm_monitor import Monitor, ThemeSpec, hookimpl
from claude_mpm_monitor.plugins.contrast_themes import CONTRAST_DARK, CONTRAST_LIGHT

BUILT_IN = [CONTRAST_DARK, CONTRAST_LIGHT]
NIGHT = ThemeSpec(name="acme.night", title="Night", scheme="dark", tokens={"--bg": "#10131c"})
every = pytest.mark.parametrize("theme", BUILT_IN, ids=lambda theme: theme.name)


class Themes:
    """A plugin with these themes."""

    def __init__(self, *themes: Any) -> None:
        self._themes = themes

    @hookimpl
    def monitor_register_themes(self) -> tuple[Any, ...]:
        """Register them."""
        return self._themes


def test_the_page_is_told_of_the_built_in_themes_and_of_those_of_plugins(tmp_path: Path) -> None:
    with Monitor(home=tmp_path, port=0, plugins=[Themes(NIGHT)]) as monitor:
        themes = get(monitor.port, "/api/v1/themes").json["themes"]

    assert [(theme["name"], theme["plugin"]) for theme in themes] == [
        ("contrast-dark", "builtin"),
        ("contrast-light", "builtin"),
        ("acme.night", "Themes"),
    ]
    assert themes[2] == {**msgspec.to_builtins(NIGHT), "plugin": "Themes"}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": "Acme Night"}, "theme 'Acme Night': its name must be of a-z, 0-9, '-' and '.'"),
        ({"name": "dark"}, "theme 'dark': the page itself has one of that name"),
        ({"name": "contrast-dark"}, "'contrast-dark' is taken"),
        ({"title": ""}, "its title is '', a text was expected"),
        ({"scheme": "dim"}, "its scheme is 'dim', not dark or light"),
        ({"tokens": [("--bg", "#000")]}, "its tokens are no mapping of names to values"),
        ({"tokens": {"bg": "#000"}}, "'bg' is no token such as '--bg'"),
        ({"tokens": {"--Bg": "#000"}}, "'--Bg' is no token such as '--bg'"),
        ({"tokens": {"--bg: red; --x": "#000"}}, "is no token such as '--bg'"),
        ({"tokens": {"--bg": 5}}, "--bg cannot be 5"),
        ({"tokens": {"--bg": ""}}, "--bg cannot be ''"),
        ({"tokens": {"--bg": "a" * 101}}, "--bg cannot be 'aaa"),
        ({"tokens": {"--bg": "red; color: blue"}}, "--bg cannot be 'red; color: blue'"),
        ({"tokens": {"--bg": "red}"}}, "--bg cannot be 'red}'"),
        ({"tokens": {"--bg": "{red"}}, "--bg cannot be '{red'"),
        ({"tokens": {"--bg": "URL(x)"}}, "--bg cannot be 'URL(x)'"),
        ({"tokens": {"--bg": "\\75rl(x)"}}, "--bg cannot be"),
        ({"tokens": {"--bg": "red\nblue"}}, "--bg cannot be"),
    ],
)
def test_what_is_no_theme_is_refused_with_a_sentence(
    tmp_path: Path, given: dict[str, Any], error: str
) -> None:
    plugin = Themes(msgspec.structs.replace(NIGHT, **given))
    with Monitor(home=tmp_path, port=0, plugins=[plugin]) as monitor:
        (told,) = (one for one in monitor.plugins.states() if one["name"] == "Themes")
        themes = get(monitor.port, "/api/v1/themes").json["themes"]

    assert told["state"] == "failed"
    assert error in told["error"]
    assert len(themes) == len(BUILT_IN)


def test_values_may_be_whatever_a_token_is(tmp_path: Path) -> None:
    tokens = {
        "--bg": "light-dark(#fff, #000)",
        "--sans": '"Fira Sans", sans-serif',
        "--row": "30px",
    }
    theme = msgspec.structs.replace(NIGHT, tokens=tokens)
    with Monitor(home=tmp_path, port=0, plugins=[Themes(theme)]) as monitor:
        assert get(monitor.port, "/api/v1/themes").json["themes"][-1]["tokens"] == tokens


@every
def test_text_of_a_contrast_theme_has_seven_to_one_on_every_surface(theme: ThemeSpec) -> None:
    assert too_close(theme, 7, TEXTS, SURFACES) == []
    assert too_close(theme, 7, TEXTS, ("--added-bg", "--removed-bg", "--mark")) == []
    assert too_close(theme, 7, ("--on-fill",), FILLS) == []
    assert too_close(theme, 7, ("--on-accent",), ("--accent-fill",)) == []


@every
def test_lines_and_charts_of_a_contrast_theme_stand_out(theme: ThemeSpec) -> None:
    assert too_close(theme, 3, ("--line",), ("--bg", "--bg-raised", "--bg-float")) == []
    assert too_close(theme, 4.5, (*SERIES, "--focus", "--line-strong"), SURFACES) == []
    assert too_close(theme, 4.5, FILLS, SURFACES) == []


@every
def test_a_contrast_theme_leaves_no_colour_of_what_is_read_to_the_page(theme: ThemeSpec) -> None:
    named = {*SURFACES, *TEXTS, *SERIES, *FILLS} - {"--running", "--unknown"}

    assert named <= set(theme.tokens)
    assert colour(theme, "--running") == colour(theme, "--accent")
