"""Find the program behind the word ``claude``, and read out of it which hook events it knows.

The command may be a link, a shell or npm wrapper around a package, or a native binary of several
hundred megabytes. The list of events is a literal in the program's own JavaScript.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

#: Wrappers are short; whatever is longer is the program.
_WRAPPER_BYTES = 64 * 1024
_MAX_WRAPPERS = 4
_CHUNK_BYTES = 1024 * 1024
#: Longer than any list of events, so that one across two chunks is seen whole.
_OVERLAP_BYTES = 4096
_LIST = re.compile(rb'\["PreToolUse"(?:,"[A-Za-z]+")+\]')
_LIST_START = b'["PreToolUse"'
#: Other lists in the program start with the same event; this one has these as well.
_NEVER_MISSING = frozenset({"Stop", "SessionStart"})
_PATH_WORD = re.compile(r"""[^\s"'`=;()<>|&]+""")
_OWN_FOLDER = re.compile(r"(%~dp0%?|%dp0%|\$\{?basedir\}?|\$PSScriptRoot)[\\/]*")


def program_behind(command: Path) -> Path:
    """The file that holds Claude Code itself when `command` is what starts it.

    Returns the last thing reached when a wrapper cannot be followed further.
    """
    program = command.resolve()
    for _ in range(_MAX_WRAPPERS):
        if not program.is_file() or program.stat().st_size > _WRAPPER_BYTES:
            break
        behind = next(_candidates(program), None)
        if behind is None:
            break
        program = behind
    return program


def events_in(program: Path) -> tuple[str, ...]:
    """The hook events `program` knows, in its order; empty when its list is not found.

    Reads in pieces: other threads run in between, whatever the size of the program.
    """
    best: tuple[str, ...] = ()
    tail = b""
    with program.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            window = tail + chunk
            if _LIST_START in window:
                best = max(best, *_lists(window), key=len)
            tail = window[-_OVERLAP_BYTES:]
    return best


def _lists(window: bytes) -> list[tuple[str, ...]]:
    found = [tuple(json.loads(match.group())) for match in _LIST.finditer(window)]
    return [(), *(events for events in found if set(events) >= _NEVER_MISSING)]


def _candidates(wrapper: Path) -> Iterator[Path]:
    """Existing files named in a wrapper script that may be what it starts."""
    text = wrapper.read_text(encoding="utf-8", errors="replace")
    for word in _PATH_WORD.findall(_OWN_FOLDER.sub("./", text)):
        if word.endswith(("cli.js", "claude", "claude.exe")) and re.search(r"[\\/]", word):
            path = (wrapper.parent / word.replace("\\", "/")).resolve()
            if path.is_file() and path != wrapper:
                yield path
    # The npm package's own wrapper looks for the package of this platform beside it.
    for pattern in ("../claude-code-*/claude", "../../claude-code-*/claude"):
        yield from (path.resolve() for path in sorted(wrapper.parent.glob(pattern)))
