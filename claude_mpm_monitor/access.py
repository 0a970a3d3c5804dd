"""Access: the token that lets in whoever the system does not vouch for.

It lies in the home folder, readable by its owner alone: whoever can read it may read the store.
"""

from __future__ import annotations

import hmac
import os
import secrets
from html import escape
from pathlib import Path
from urllib.parse import quote


class Token:
    """The token in a file. Any thread, any process of the same home."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def read(self) -> str:
        """Return the token, "" when there is none yet."""
        try:
            return self._path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def ensure(self) -> str:
        """Return the token, drawn by lot the first time. Raises OSError."""
        found = self.read()
        if found:
            self._path.chmod(0o600)
            return found
        draft = self._path.with_suffix(f".{os.getpid()}")
        _write(draft, secrets.token_urlsafe(32))
        try:
            # Never over another's: two monitors may start at once.
            os.link(draft, self._path)
        except OSError:
            # There is one by now, or none: not every file system has hard links.
            if not self.read():
                draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)
        return self.read()

    def fits(self, given: str) -> bool:
        """Tell whether somebody knows it."""
        known = self.read()
        return bool(known) and hmac.compare_digest(known.encode(), given.encode())


def link(address: str, token: str) -> str:
    """Return the address of a page with the token in it, before what follows a #."""
    page, mark, place = address.partition("#")
    return f"{page}?token={quote(token)}{mark}{place}"


def write_entry(path: Path, address: str) -> None:
    """Write a page for this user's browser alone that leads on to `address`.

    The browser is given the file's name: other users see what programs are started with.
    """
    target = escape(address, quote=True)
    _write(
        path,
        "<!doctype html><meta charset=utf-8><title>Dashboard</title>"
        f'<meta http-equiv=refresh content="0; url={target}"><a href="{target}">Dashboard</a>',
    )


def _write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
