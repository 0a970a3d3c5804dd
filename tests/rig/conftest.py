"""A stub of the API for all tests of this folder, and a Claude Code of its own for each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .claude_code import ClaudeCode, find_rig, start_stub

WAITING_SECONDS = 30.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the rig, and minutes rather than seconds."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.rig)
            item.add_marker(pytest.mark.timeout(180))


@pytest.fixture(scope="session")
def rig() -> Path:
    """The folder with the CLI and the stub."""
    folder = find_rig()
    if folder is None:
        pytest.skip("no offline rig beside the checkout; MONITOR_RIG names one")
    return folder


@pytest.fixture(scope="session")
def api(rig: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a stub of the API: its `port`, and in `captured` what it answered."""
    folder = tmp_path_factory.mktemp("stub")
    (folder / "captured").mkdir()
    stub = start_stub(rig, folder)
    port = folder / "port"
    wait_for(lambda: port.exists() and bool(port.read_text().strip()), "the stub")
    yield folder
    stub.kill()
    stub.wait()


@pytest.fixture(scope="session")
def api_port(api: Path) -> int:
    """The port of the stub of the API."""
    return int((api / "port").read_text().split()[0])


@pytest.fixture
def answered(api: Path, claude_code: ClaudeCode) -> Callable[[], list[dict[str, Any]]]:
    """What the API answered since the test began, by its own account."""
    book = api / "captured" / f"api-{claude_code.folder.name}.jsonl"
    before = len(book.read_text().splitlines()) if book.exists() else 0

    def read() -> list[dict[str, Any]]:
        records = [json.loads(line) for line in book.read_text().splitlines()[before:]]
        return [record for record in records if "usage" in record]

    return read


@pytest.fixture
def claude_code(rig: Path, api_port: int, tmp_path: Path) -> ClaudeCode:
    """A Claude Code that nobody has used."""
    folder = tmp_path / "run"
    folder.mkdir()
    return ClaudeCode(rig, folder, api_port)


def wait_for(condition: Callable[[], object], what: str, seconds: float = WAITING_SECONDS) -> None:
    """Wait until the condition holds, or fail by name."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited for {what} in vain"
        time.sleep(0.01)
