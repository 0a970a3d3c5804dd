"""What the tests of the host adapter share."""

from __future__ import annotations

from pathlib import Path

import pytest
from testkit.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)
