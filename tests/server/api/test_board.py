"""The board over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from testkit.wire import get, request

from claude_mpm_monitor import Monitor

PATH = "/api/v1/board"
TILE = {"id": "a.one", "widget": "a.one", "columns": 4, "rows": 6}


def put(monitor: Monitor, board: Any) -> Any:
    return request(monitor.port, "PUT", PATH, json.dumps(board).encode())


def test_a_board_is_stored_and_answered(monitor: Monitor) -> None:
    answer = put(monitor, {"tiles": [TILE], "seen": ["a.one"]})

    assert (answer.status, answer.json["revision"]) == (200, 1)
    assert get(monitor.port, PATH).json == {
        "tiles": [{**TILE, "settings": {}}],
        "seen": ["a.one"],
        "revision": 1,
    }


def test_a_board_changed_meanwhile_is_a_conflict(monitor: Monitor) -> None:
    put(monitor, {})

    assert put(monitor, {"revision": 0}).status == 409


@pytest.mark.parametrize(
    ("board", "detail"),
    [
        ([], "a board was expected"),
        ({"tiles": [{**TILE, "columns": 13}]}, "`int` <= 12"),
        ({"tiles": [{**TILE, "left": 1}]}, "unknown field `left`"),
        ({"tiles": [TILE, TILE]}, "two tiles of the board have the same id"),
        ({"seen": ["x" * 2**18]}, "a board of at most 262144 bytes"),
    ],
)
def test_what_is_no_board_is_refused(monitor: Monitor, board: Any, detail: str) -> None:
    answer = put(monitor, board)

    assert answer.status == 400
    assert detail in answer.json["detail"]
