"""Run claude-mpm, or claude itself, under the monitor: what `mpm-monitor run` does.

The same as ``claude-mpm run --monitor`` with the ``.pth`` line, only asked for by name.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from claude_mpm_monitor.host import child, launch, monitored_run, seams
from claude_mpm_monitor.host.guard import say


def run_host(arguments: Sequence[str]) -> int:
    """Run ``claude-mpm run --monitor`` with `arguments` in this process; its exit code.

    Where claude-mpm is not installed, `arguments` go to claude instead. Main thread.
    """
    if find_spec("claude_mpm") is None:
        if shutil.which("claude-mpm"):
            say(
                "claude-mpm is installed in another environment, so claude is run without it. "
                "To monitor claude-mpm, install claude-mpm-monitor there as well "
                "(`pipx inject claude-mpm claude-mpm-monitor`)."
            )
        return run_claude(arguments)
    sys.argv = ["claude-mpm", "run", "--monitor", *(a for a in arguments if a != "--monitor")]
    seams.watch()
    try:
        code = import_module("claude_mpm.cli").main()
    except SystemExit as end:
        code = end.code
    return _as_number(code)


def run_claude(arguments: Sequence[str]) -> int:
    """Run ``claude`` with `arguments` under the monitor; its exit code. Main thread."""
    sys.argv = ["claude", *arguments]
    run = monitored_run.current("claude")
    run.start(run.config.port)
    seams.register_farewell()
    prepared = run.launching(["claude", *arguments], os.environ)
    try:
        ending = child.run(prepared.command, prepared.environment)
    except FileNotFoundError:
        say("there is no `claude` on PATH: install Claude Code first")
        ending = child.Ending(127, 0)
    run.claude_exited(ending.exit_code)
    run.end()
    launch.remember(ending)
    return ending.exit_code


def _as_number(code: object) -> int:
    """An exit code as `sys.exit` takes it: None is success, a text is printed."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code
    sys.stderr.write(f"{code}\n")
    return 1
