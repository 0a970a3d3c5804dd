"""Plugins of a single file, and which version of the API a plugin was written for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from claude_mpm_monitor.hookspecs import API_VERSION

from claude_mpm_monitor import Config, Event, PriceBook, Raw, hookimpl
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.plugins.registry import Registry

PLUGIN = "from claude_mpm_monitor import hookimpl\n@hookimpl\ndef monitor_started(monitor): pass\n"
LOG = new_logger(logging.getLogger("claude_mpm_monitor.tests"))


def states(config: Config, *plugins: object) -> dict[str, dict[str, Any]]:
    return {state["name"]: state for state in Registry(config, plugins, LOG).states()}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, source: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        return path

    return write


def test_files_in_the_plugins_folder_are_loaded(tmp_path: Path, write: Any) -> None:
    path = write("plugins/json.py", PLUGIN)

    found = states(Config(home=tmp_path))["json"]

    assert (found["state"], found["path"]) == ("active", str(path))
    assert found["hooks"] == ["monitor_started"]


def test_files_named_by_the_configuration_are_loaded(tmp_path: Path, write: Any) -> None:
    config = Config(home=tmp_path, plugin_files=(write("elsewhere/mine.py", PLUGIN),))

    assert states(config)["mine"]["state"] == "active"


def test_a_file_that_fails_says_where(tmp_path: Path, write: Any) -> None:
    write("plugins/broken.py", "import os\n\n1 / 0\n")
    write("plugins/whole.py", PLUGIN)

    found = states(Config(home=tmp_path))

    assert found["broken"]["state"] == "failed"
    assert "ZeroDivisionError" in found["broken"]["error"]
    assert "plugins/broken.py, line 3" in found["broken"]["error"]
    assert found["whole"]["state"] == "active"


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    config = Config(home=tmp_path, plugin_files=(tmp_path / "none.py",))

    assert "there is no Python file" in states(config)["none"]["error"]


def test_a_file_can_be_disabled_by_its_name(tmp_path: Path, write: Any) -> None:
    write("plugins/mine.py", "raise AssertionError('imported')")
    config = Config(home=tmp_path, disabled_plugins=frozenset({"mine"}))

    assert states(config)["mine"]["state"] == "disabled"


def test_the_version_a_plugin_was_written_for_is_enough(tmp_path: Path) -> None:
    plugin = SimpleNamespace(MONITOR_API_VERSION=API_VERSION)

    assert states(Config(home=tmp_path), plugin)["SimpleNamespace"]["state"] == "active"


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ((API_VERSION[0], API_VERSION[1] + 1), "upgrade claude-mpm-monitor"),
        ((API_VERSION[0] + 1, 0), "upgrade claude-mpm-monitor"),
        ((0, 9), "upgrade the plugin"),
        ("1.0", "two numbers such as (1, 0) were expected"),
    ],
)
def test_a_plugin_for_another_version_is_refused_with_a_sentence(
    tmp_path: Path, wanted: object, sentence: str
) -> None:
    found = states(Config(home=tmp_path), SimpleNamespace(MONITOR_API_VERSION=wanted))

    assert found["SimpleNamespace"]["state"] == "failed"
    assert sentence in found["SimpleNamespace"]["error"]


class Enricher:
    def __init__(self, enrich: Callable[[Event], Event]) -> None:
        self.name = "mine"
        self.enrich = enrich

    @hookimpl
    def monitor_register_enrichers(self) -> list[object]:
        return [self]


def decoded(tmp_path: Path, enrich: Callable[[Event], Event]) -> tuple[Event, Registry]:
    registry = Registry(Config(home=tmp_path), [Enricher(enrich)], LOG)
    body = b'{"kind": "Deployed", "session_id": "s"}'
    (event,) = registry.decode(Raw(dialect="api", body=body, at=5, source="api"))
    return event, registry


def test_an_enricher_completes_events(tmp_path: Path) -> None:
    event, _ = decoded(tmp_path, lambda event: msgspec.structs.replace(event, project="/p"))

    assert event.project == "/p"


@pytest.mark.parametrize(("kind", "project"), [("Deployed", "/p"), ("Other", "")])
def test_an_enricher_is_asked_about_the_kinds_it_names(
    kind: str, project: str, tmp_path: Path
) -> None:
    class Choosy(Enricher):
        kinds = frozenset({kind})

    enricher = Choosy(lambda event: msgspec.structs.replace(event, project="/p"))
    registry = Registry(Config(home=tmp_path), [enricher], LOG)
    body = b'{"kind": "Deployed", "session_id": "s"}'
    (event,) = registry.decode(Raw(dialect="api", body=body, at=5, source="api"))

    assert event.project == project


def test_kinds_that_are_none_are_told(tmp_path: Path) -> None:
    class Wrong(Enricher):
        kinds = "Deployed"

    registry = Registry(Config(home=tmp_path), [Wrong(lambda event: event)], LOG)

    (state,) = [s for s in registry.states() if s["name"] == "Wrong"]
    assert "kinds of enricher 'mine' is no set of texts" in state["error"]


def test_kinds_of_an_analyzer_that_are_none_are_told(tmp_path: Path) -> None:
    class Wrong:
        name, version, topics, kinds = "mine", 1, ("mine",), 5

        def apply(self, event: Event, documents: object) -> None: ...

        @hookimpl
        def monitor_register_analyzers(self) -> list[object]:
            return [self]

    registry = Registry(Config(home=tmp_path), [Wrong()], LOG)

    (state,) = [s for s in registry.states() if s["name"] == "Wrong"]
    assert "kinds of analyzer 'mine' is no set of texts" in state["error"]


def test_an_enricher_cannot_change_what_an_event_is(tmp_path: Path) -> None:
    event, _ = decoded(
        tmp_path,
        lambda event: msgspec.structs.replace(event, session_id="other", at=9, payload=b"[]"),
    )

    assert (event.session_id, event.at) == ("s", 5)
    assert event.payload == b"{}"


def test_an_enricher_that_fails_leaves_the_event_as_it_was(tmp_path: Path) -> None:
    event, registry = decoded(tmp_path, lambda event: Event())

    assert event.kind == "Deployed"
    (state,) = [s for s in registry.states() if s["name"] == "Enricher"]
    assert state["failures"] == 1


class Dealer:
    def __init__(self, price: object) -> None:
        self.price = price

    @hookimpl
    def monitor_register_prices(self) -> list[object]:
        prices = {"input": self.price, "output": 2, "cache_read": 3}
        return [PriceBook(name=f"dealer {self.price}", models={"glm-9": prices})]


def test_an_earlier_book_of_prices_wins_and_the_users_own_over_all(tmp_path: Path) -> None:
    def input_price(*plugins: object) -> object:
        model = Registry(Config(home=tmp_path), plugins, LOG).prices.find("glm-9")
        assert model is not None
        return model.source

    assert input_price(Dealer(1), Dealer(4)) == "dealer 1"

    own = '[models."glm-9"]\ninput = 7\noutput = 8\ncache_read = 9\n'
    (tmp_path / "prices.toml").write_text(own)
    assert input_price(Dealer(1)) == str(tmp_path / "prices.toml")


def test_a_book_with_a_price_that_is_none_fails_its_plugin(tmp_path: Path) -> None:
    found = states(Config(home=tmp_path), Dealer("much"), Dealer(Decimal(1)))

    assert found["Dealer"]["state"] == "failed"
    assert "not a price in USD" in found["Dealer"]["error"]
    assert found["Dealer-1"]["state"] == "active"
