"""Loading plugins, and what they register."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from claude_mpm_monitor import Config, Documents, Event, Raw, WidgetSpec, hookimpl
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.plugins.registry import Registry

Make = Callable[..., Registry]

BUILT_IN = [
    *("monitor.spans", "monitor.usage", "monitor.commits"),
    *("monitor.coverage", "monitor.alerts", "monitor.results"),
]


@pytest.fixture
def registry(tmp_path: Path) -> Make:
    def make(*plugins: object, disabled: Iterable[str] = ()) -> Registry:
        config = Config(home=tmp_path, disabled_plugins=frozenset(disabled))
        return Registry(config, plugins, new_logger(logging.getLogger("claude_mpm_monitor.tests")))

    return make


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Install a distribution that has one plugin: its name and its module's source."""
    monkeypatch.syspath_prepend(tmp_path / "site")

    def install(name: str, source: str) -> None:
        module = f"plugin_{name}"
        site = tmp_path / "site"
        info = site / f"{name}-3.2.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 3.2\n")
        entry = f"[claude_mpm_monitor]\n{name} = {module}\n"
        (info / "entry_points.txt").write_text(entry)
        (site / f"{module}.py").write_text(source)
        monkeypatch.delitem(sys.modules, module, raising=False)

    return install


class Analyzer:
    def __init__(self, name: str, *topics: str) -> None:
        self.name = name
        self.version = 1
        self.topics = topics

    def apply(self, event: Event, documents: Documents) -> None:
        pass


class Decoder:
    def __init__(self, dialect: str) -> None:
        self.dialect = dialect

    def decode(self, raw: Raw) -> list[Event]:
        return []


class Analyzers:
    def __init__(self, *analyzers: object) -> None:
        self.analyzers = analyzers

    @hookimpl
    def monitor_register_analyzers(self) -> tuple[object, ...]:
        return self.analyzers


def state(registry: Registry, name: str) -> dict[str, Any]:
    return next(s for s in registry.states() if s["name"] == name)


def names(registry: Registry) -> list[str]:
    return [analyzer.name for analyzer in registry.analyzers]


def test_the_built_in_plugin_registers_like_anybodys(registry: Make) -> None:
    built_in = state(registry(), "builtin")

    assert built_in["state"] == "active"
    assert {"claude_hook", "otlp", "mpm", "transcript", "api"} <= {*built_in["adds"]["decoders"]}
    assert built_in["adds"]["analyzers"] == BUILT_IN
    assert "monitor.events" in built_in["adds"]["widgets"]


def test_an_installed_plugin_is_found_with_its_version(
    registry: Make, install: Callable[[str, str], None]
) -> None:
    install(
        "good",
        "from claude_mpm_monitor import hookimpl\n@hookimpl\ndef monitor_started(monitor): pass\n",
    )

    found = state(registry(), "good")

    assert (found["state"], found["version"]) == ("active", "3.2")
    assert found["hooks"] == ["monitor_started"]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("this is no Python", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        (
            "from claude_mpm_monitor import hookimpl\n"
            "@hookimpl\ndef monitor_register_widgets(config): return []\n"
            "@hookimpl\ndef monitor_started(monitor, nonsense): pass\n",
            "nonsense",
        ),
    ],
)
def test_one_that_cannot_be_loaded_is_shown_as_failed_and_others_work(
    registry: Make, install: Callable[[str, str], None], source: str, error: str
) -> None:
    install("broken", source)

    made = registry(Analyzers(Analyzer("mine", "mine")))

    assert state(made, "broken")["state"] == "failed"
    assert error in state(made, "broken")["error"]
    assert names(made) == [*BUILT_IN, "mine"]


def test_one_that_does_not_fit_a_hook_takes_part_in_none(registry: Make) -> None:
    class Half:
        @hookimpl
        def monitor_register_analyzers(self) -> list[object]:
            return [Analyzer("half", "half")]

        @hookimpl
        def monitor_started(self, nonsense: object) -> None:
            pass

    made = registry(Half())

    assert state(made, "Half")["state"] == "failed"
    assert names(made) == BUILT_IN


def test_a_disabled_plugin_is_not_even_imported(
    registry: Make, install: Callable[[str, str], None]
) -> None:
    install("unwanted", "raise AssertionError('imported')")

    found = state(registry(disabled=["unwanted"]), "unwanted")

    assert (found["state"], found["error"]) == ("disabled", "")


def test_a_hook_that_does_not_exist_is_named(registry: Make) -> None:
    class Typo:
        @hookimpl
        def monitor_registr_analyzers(self) -> list[object]:
            return []

    assert "monitor_registr_analyzers" in state(registry(Typo()), "Typo")["error"]


def test_one_that_raises_while_registering_keeps_what_it_had_registered(registry: Make) -> None:
    class Half:
        @hookimpl
        def monitor_register_analyzers(self) -> Iterable[object]:
            yield Analyzer("before", "before")
            raise RuntimeError("halfway")

    made = registry(Half(), Analyzers(Analyzer("other", "other")))

    assert names(made) == [*BUILT_IN, "before", "other"]
    assert state(made, "Half")["state"] == "failed"
    assert "halfway" in state(made, "Half")["error"]


@pytest.mark.parametrize(
    "wrong",
    [
        Analyzer("monitor.spans", "new"),
        Analyzer("new", "session"),
        Analyzer("new", "fine", "tool_call"),
        object(),
        None,
    ],
)
def test_what_clashes_or_is_no_analyzer_is_refused(registry: Make, wrong: object) -> None:
    made = registry(Analyzers(wrong))

    assert names(made) == BUILT_IN
    assert state(made, "Analyzers")["state"] == "failed"
    assert "PluginError" in state(made, "Analyzers")["error"]


def test_topics_that_are_one_text_are_refused(registry: Make) -> None:
    wrong = Analyzer("new")
    wrong.topics = "new"  # type: ignore[assignment]

    assert "no tuple" in state(registry(Analyzers(wrong)), "Analyzers")["error"]


def test_two_plugins_cannot_share_a_topic(registry: Make) -> None:
    made = registry(Analyzers(Analyzer("one", "shared")), Analyzers(Analyzer("two", "shared")))

    assert names(made) == [*BUILT_IN, "one"]
    assert state(made, "Analyzers")["state"] == "active"
    assert state(made, "Analyzers-1")["state"] == "failed"


def test_a_dialect_that_is_taken_is_refused(registry: Make) -> None:
    class Decoders:
        @hookimpl
        def monitor_register_decoders(self) -> list[object]:
            return [Decoder("mine"), Decoder("claude_hook")]

    made = registry(Decoders())

    assert state(made, "Decoders")["adds"]["decoders"] == ["mine"]
    assert "claude_hook" in state(made, "Decoders")["error"]


def test_a_widget_needs_its_module_and_an_id_of_its_own(registry: Make, tmp_path: Path) -> None:
    (tmp_path / "w.js").write_text("export default class {}")

    def widget(name: str, module: str) -> WidgetSpec:
        return WidgetSpec(id=name, title="T", module=module, static_dir=tmp_path)

    class Widgets:
        def __init__(self, *widgets: object) -> None:
            self.widgets = widgets

        @hookimpl
        def monitor_register_widgets(self, config: Config) -> tuple[object, ...]:
            assert config.home == tmp_path
            return self.widgets

    made = registry(
        Widgets(widget("a.one", "w.js")),
        Widgets(widget("a.one", "w.js")),
        Widgets(widget("a.two", "missing.js")),
        Widgets("a.three"),
    )

    assert [w.id for w in made.shelves.widgets if not w.id.startswith("monitor.")] == ["a.one"]
    errors = [s["error"] for s in made.states() if s["name"].startswith("Widgets-")]
    assert "taken" in errors[0]
    assert "missing.js" in errors[1]
    assert "WidgetSpec" in errors[2]


@pytest.mark.parametrize(
    ("placement", "draws", "error"),
    [
        ("detail", ("Bash", "mcp__acme__*", "acme.note"), ""),
        ("detail", (), "is a detail: `draws` must name what it draws"),
        ("detail", "Bash", "`draws` is no tuple of names"),
        ("detail", ("Bash", ""), "it cannot draw '', which names nothing"),
        ("detail", ("*",), "it cannot draw '*', which names nothing"),
        ("detail", (5,), "it cannot draw 5, which names nothing"),
        ("detail", ("mcp__*__map",), "in 'mcp__*__map', a `*` may only be the last letter"),
        ("detail", ("mcp__**",), "a `*` may only be the last letter"),
        ("tab", ("Bash",), "`draws` is for a detail, its placement is 'tab'"),
    ],
)
def test_only_a_detail_draws_and_says_what(
    registry: Make, tmp_path: Path, placement: Any, draws: Any, error: str
) -> None:
    (tmp_path / "w.js").write_text("export default class {}")

    class Drawing:
        @hookimpl
        def monitor_register_widgets(self) -> list[WidgetSpec]:
            given = {"placement": placement, "draws": draws}
            return [WidgetSpec(id="a.one", title="T", module="w.js", static_dir=tmp_path, **given)]

    told = state(registry(Drawing()), "Drawing")

    assert told["state"] == ("failed" if error else "active")
    assert error in told["error"]


def test_a_module_can_be_a_plugin(registry: Make) -> None:
    module = ModuleType("my_module")

    @hookimpl
    def monitor_register_analyzers() -> list[object]:
        return [Analyzer("of.module", "of_module")]

    module.monitor_register_analyzers = monitor_register_analyzers  # type: ignore[attr-defined]

    assert names(registry(module)) == [*BUILT_IN, "of.module"]


def test_a_hook_that_raises_does_not_keep_others_from_being_called(registry: Make) -> None:
    called: list[str] = []

    class Plugin:
        def __init__(self, name: str) -> None:
            self.name = name

        @hookimpl
        def monitor_started(self, monitor: object) -> None:
            called.append(self.name)
            raise RuntimeError(self.name)

    made = registry(Plugin("a"), Plugin("b"))
    made.call("monitor_started", monitor=None)

    assert sorted(called) == ["a", "b"]
    assert state(made, "Plugin")["failures"] == 1
