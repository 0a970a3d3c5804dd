"""WidgetSpec: how a plugin declares a part of the dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec


class WidgetSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One dashboard widget: an ES module whose default export is an element class.

    ``id`` is unique and contains a dot ("acme.token-burn"); the page derives the element's tag
    from it. ``module`` is a file below ``static_dir``. ``topics`` are the document topics the
    widget wants to hear about. ``placement`` is "tab", a view of its own, or "side", under the
    inspector. A tab that is ``wide`` has the page's whole width as long as nothing is selected.
    """

    id: str
    title: str
    module: str
    static_dir: Path
    topics: tuple[str, ...] = ()
    placement: Literal["tab", "side"] = "side"
    wide: bool = False
