"""Examples are imported from the checkout, whether they are installed or not."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest
from testkit.examples import load


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Import an example by its name."""
    return lambda name: load(name, monkeypatch)
