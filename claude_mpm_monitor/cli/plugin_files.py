"""PluginFiles: notices when a plugin of a single file was changed, added or taken away."""

from __future__ import annotations

from pathlib import Path

from claude_mpm_monitor.config import Config


class PluginFiles:
    """Remembers how the files were at the last look. One thread."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._known = self._look()

    def changed(self) -> bool:
        """Whether something changed since the last look."""
        before, self._known = self._known, self._look()
        return before != self._known

    def _look(self) -> dict[Path, tuple[int, int]]:
        config, found = self._config, {}
        for path in (*config.plugins_folder.glob("*.py"), *config.plugin_files):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # an editor is just putting the new one in its place
            found[path] = (status.st_mtime_ns, status.st_size)
        return found
