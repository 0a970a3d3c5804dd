"""WidgetSpec: how a plugin declares a part of the dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from claude_mpm_monitor.model.board import COLUMNS, MAX_ROWS
from claude_mpm_monitor.model.setting import Setting


class WidgetSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One dashboard widget: an ES module whose default export is an element class.

    ``id`` is unique and contains a dot ("acme.token-burn"); the page derives the element's tag
    from it. ``module`` is a file below ``static_dir``. ``topics`` are the document topics the
    widget wants to hear about. ``placement`` is "tab", a view of its own, or "side", under the
    inspector, or "board", a tile of ``columns`` by ``rows`` cells that the reader moves, resizes
    and removes, or "detail", a drawing in the inspector in place of the page's own form, for what
    ``draws`` names: tools ("Bash"; with a ``*`` at its end, a name stands for all that begin so,
    as "mcp__acme__*") and kinds of events ("acme.note"). A tab that is ``wide`` has the page's
    whole width as long as nothing is selected. ``settings`` are what the reader may choose for
    each tile.
    """

    id: str
    title: str
    module: str
    static_dir: Path
    topics: tuple[str, ...] = ()
    placement: Literal["tab", "side", "board", "detail"] = "side"
    draws: tuple[str, ...] = ()
    wide: bool = False
    columns: Annotated[int, msgspec.Meta(ge=1, le=COLUMNS)] = 4
    rows: Annotated[int, msgspec.Meta(ge=1, le=MAX_ROWS)] = 6
    settings: tuple[Setting, ...] = ()
