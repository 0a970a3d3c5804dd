"""CommandSpec: a command of `mpm-monitor`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import click


class CommandSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One command. `load` returns it and is called when it is wanted: import there what it needs.

    `mpm-monitor --help` shows the command's own short help.
    """

    name: str
    load: Callable[[], click.Command]
