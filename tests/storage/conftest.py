"""A store in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from testkit.log import ImmediateLog

from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.query import Query


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "monitor.db")


@pytest.fixture
def log(database: Database) -> Iterator[ImmediateLog]:
    connection = database.connect()
    yield ImmediateLog(connection)
    connection.close()


@pytest.fixture
def query(database: Database) -> Iterator[Query]:
    query = Query(database)
    yield query
    query.close()
