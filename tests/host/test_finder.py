"""Acting on a module right after its import."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from claude_mpm_monitor.host import finder


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a package with a module `part`; all traces of both are removed again."""
    folder = tmp_path / "watched_package"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "part.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = list(sys.meta_path)
    yield "watched_package"
    sys.meta_path[:] = before
    for name in [name for name in sys.modules if name.startswith("watched_package")]:
        del sys.modules[name]


def test_the_action_sees_the_finished_module(package: str) -> None:
    seen: list[int] = []
    finder.install({f"{package}.part": lambda module: seen.append(module.VALUE)})

    importlib.import_module(f"{package}.part")

    assert seen == [1]


def test_nothing_is_imported_by_watching(package: str) -> None:
    finder.install({f"{package}.part": lambda module: None})

    assert f"{package}.part" not in sys.modules


def test_a_watched_module_looks_like_any_other(package: str) -> None:
    finder.install({f"{package}.part": lambda module: None})

    module = importlib.import_module(f"{package}.part")

    assert type(module.__loader__).__name__ == "SourceFileLoader"
    assert module.__spec__ is not None
    assert module.__spec__.loader is module.__loader__
    assert inspect.getsource(module) == "VALUE = 1\n"


def test_a_module_imported_before_is_acted_on_at_once(package: str) -> None:
    module = importlib.import_module(f"{package}.part")
    seen: list[ModuleType] = []

    finder.install({f"{package}.part": seen.append})

    assert seen == [module]


def test_installing_twice_acts_once(package: str) -> None:
    seen: list[ModuleType] = []
    actions: dict[str, finder.Action] = {f"{package}.part": seen.append}

    assert finder.install(actions) is True
    assert finder.install(actions) is False

    importlib.import_module(f"{package}.part")

    assert len(seen) == 1


def test_a_missing_module_is_still_missing(package: str) -> None:
    finder.install({f"{package}.absent": lambda module: None})

    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(f"{package}.absent")
