"""A stage for one run: a stand-in for claude on PATH, and programs run beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

FAKE_CLAUDE = """\
#!/bin/sh
case "$1" in --version) echo "2.1.330 (Claude Code)"; exit 0;; esac
printf '%s\\n' "$@" >"$WITNESS/arguments"
env >"$WITNESS/environment"
[ "$1" = --settings ] && cp "$2" "$WITNESS/settings.json" 2>/dev/null
{action}
"""


class Stage:
    """A folder with a stand-in for claude on PATH, and Python programs run beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "WITNESS": str(folder),
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "CLAUDE_MPM_MONITOR_HOME": str(folder / "monitor"),
            "CLAUDE_MPM_MONITOR_PORT": "0",
            "PYTHONWARNINGS": "error,ignore::DeprecationWarning:eventlet",
        }
        self.claude("exit 7")

    def claude(self, action: str, facts: str = "") -> None:
        """Let the stand-in end with the shell text `action`."""
        path = self.folder / "bin" / "claude"
        path.parent.mkdir(exist_ok=True)
        path.write_text(FAKE_CLAUDE.format(action=action) + facts)
        path.chmod(0o755)

    def python(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program), *arguments],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=25,
            check=False,
        )

    def plugin(self, text: str) -> None:
        """Install a distribution whose one module, `watching`, is a plugin with this `text`."""
        (self.folder / "watching.py").write_text(textwrap.dedent(text))
        facts = self.folder / "watching-1.0.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: watching\nVersion: 1.0\n")
        (facts / "entry_points.txt").write_text("[claude_mpm_monitor]\nwatching = watching\n")

    def arguments(self) -> list[str]:
        return (self.folder / "arguments").read_text().splitlines()

    def variables(self) -> dict[str, str]:
        lines = (self.folder / "environment").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)
