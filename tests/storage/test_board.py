"""The board is a file that is replaced whole, and never by somebody who has not seen it."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.board import Board, Tile
from claude_mpm_monitor.storage.board import BoardFile

TILE = Tile(id="a.one", widget="a.one", columns=4, rows=6)


def test_a_board_is_kept_and_its_revision_grows(tmp_path: Path) -> None:
    first = BoardFile(tmp_path / "board.json").replace(Board(tiles=(TILE,)))

    assert first == Board(tiles=(TILE,), revision=1)
    assert BoardFile(tmp_path / "board.json").read() == first


def test_a_board_made_of_an_older_one_is_refused(tmp_path: Path) -> None:
    file = BoardFile(tmp_path / "board.json")
    file.replace(Board(tiles=(TILE,)))

    assert file.replace(Board()) is None
    assert file.read().tiles == (TILE,)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"tiles": 3}', "\udcff"])
def test_a_file_that_is_no_board_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "board.json").write_bytes(text.encode(errors="surrogateescape"))

    assert BoardFile(tmp_path / "board.json").read() == Board()


def test_what_was_no_board_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "board.json"
    path.write_text('{"tiles": [')

    stored = BoardFile(path).replace(Board())

    assert BoardFile(path).read() == stored
    (kept,) = tmp_path.glob("board.json.*.kept")
    assert kept.read_text() == '{"tiles": ['


def test_a_board_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"board\.json cannot be written: No such file"):
        BoardFile(tmp_path / "gone" / "board.json").replace(Board())
