"""Where in somebody's code something happened, in words for who wrote it."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from types import FrameType

_OURS = Path(__file__).resolve().parent
_PACKAGE = _OURS.parent
_LIBRARY = Path(os.__file__).resolve().parent


def place_of(error: BaseException) -> str:
    """Say where the error was raised: "" when it was here, or Python does not know."""
    if isinstance(error, SyntaxError):
        return ""  # it says so itself
    known: str | None = getattr(error, "place", None)
    if known is not None:
        return known
    frames = traceback.extract_tb(error.__traceback__)
    if not frames or Path(frames[-1].filename).is_relative_to(_OURS):
        return ""
    return _told(frames[-1].filename, frames[-1].lineno)


def place_of_frame(frame: FrameType | None) -> str:
    """Say where a thread is at the moment: the innermost line that is a plugin's.

    A plugin that hangs mostly waits in the standard library, or in us; what helps is who called
    that.
    """
    innermost = ""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if not path.is_relative_to(_PACKAGE):
            told = _told(frame.f_code.co_filename, frame.f_lineno)
            innermost = innermost or told
            if not path.is_relative_to(_LIBRARY) or "site-packages" in path.parts:
                return told
        frame = frame.f_back
    return innermost


def _told(filename: str, line: int | None) -> str:
    path = Path(filename)
    return f" ({path.parent.name}/{path.name}, line {line})"
