"""ThemeSpec: how a plugin declares a look of the dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec


class ThemeSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One look of the dashboard: other colours, or sizes, than the page has by itself.

    ``name`` is unique, of a-z, 0-9, "-" and "." ("acme.night"); ``title`` is what the reader sees.
    ``tokens`` are custom properties of ``static/css/tokens.css`` by name ("--bg"), with values of
    100 characters at most. What they leave out is as in the page's own theme named by ``scheme``.
    """

    name: str
    title: str
    scheme: Literal["dark", "light"]
    tokens: Mapping[str, str]
