"""Board: which widgets the reader has put where."""

from __future__ import annotations

from typing import Annotated

import msgspec

#: The board's grid has so many columns; a narrow page shows fewer.
COLUMNS = 12
MAX_ROWS = 40
MAX_TILES = 100

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Value = bool | int | float | str


class Tile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One widget on the board. `id` tells two of the same widget apart.

    `columns` and `rows` are its size in cells of the grid, `settings` the values the reader chose.
    """

    id: _Name
    widget: _Name
    columns: Annotated[int, msgspec.Meta(ge=1, le=COLUMNS)]
    rows: Annotated[int, msgspec.Meta(ge=1, le=MAX_ROWS)]
    settings: dict[str, Value] = {}


class Board(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All tiles in their order. `revision` grows with each change.

    `seen` are the widgets the board has had: a new one is put on it by itself, a removed one is
    not.
    """

    tiles: Annotated[tuple[Tile, ...], msgspec.Meta(max_length=MAX_TILES)] = ()
    seen: Annotated[tuple[_Name, ...], msgspec.Meta(max_length=1_000)] = ()
    revision: Annotated[int, msgspec.Meta(ge=0)] = 0
