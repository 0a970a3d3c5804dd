"""Many rows in few statements."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.storage import rows


@given(st.integers(0, 170))
def test_all_rows_are_written_in_their_order(count: int) -> None:
    wanted = [(number, f"text {number}") for number in range(count)]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY, text TEXT)")
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        rows.write(connection, "INSERT INTO numbers", wanted)

        assert connection.execute("SELECT * FROM numbers ORDER BY rowid").fetchall() == wanted
    assert len(statements) <= 2 + 10 + count // 50


def test_what_is_there_is_brought_up_to_date() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY, text TEXT)")
        for text in ("old", "new"):
            rows.write(
                connection,
                "INSERT INTO numbers",
                [(number, text) for number in range(60)],
                "ON CONFLICT (number) DO UPDATE SET text = excluded.text",
            )

        found = connection.execute("SELECT DISTINCT text FROM numbers").fetchall()
    assert found == [("new",)]
