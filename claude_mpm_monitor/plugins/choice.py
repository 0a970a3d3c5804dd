"""Choice: which plugins the user has switched off, kept in a file: one name a line."""

from __future__ import annotations

from pathlib import Path

from claude_mpm_monitor.replacing import replace_file


class Choice:
    """The names in one file. Any thread; what another process writes is seen at the next look."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def disabled(self) -> frozenset[str]:
        """Return the names of the plugins that are switched off."""
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return frozenset()
        return frozenset(line.strip() for line in lines if line.strip())

    def disable(self, name: str) -> None:
        """Have a plugin left out from the next start on."""
        self._write(self.disabled() | {name})

    def enable(self, name: str) -> None:
        """Take back `disable`."""
        self._write(self.disabled() - {name})

    def _write(self, names: frozenset[str]) -> None:
        replace_file(self._path, "".join(f"{name}\n" for name in sorted(names)).encode())
