"""Examples, imported from the checkout, whether they are installed or not."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def load(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import an example, for as long as the test takes.

    Its folder is not put on the path: what `pip install ./examples/…` leaves there would be found
    as an installed plugin, and loaded a second time.
    """
    spec = spec_from_file_location(name, EXAMPLES / name / name / "__init__.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module
