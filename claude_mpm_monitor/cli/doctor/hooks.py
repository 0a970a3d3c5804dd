"""Does plain `claude` report here, and if not, why?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.cli.sources import claude_config_dir
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import ConfigError


def check(config: Config) -> Iterator[Finding]:
    """Report the hooks in the user's settings. Runs of claude-mpm bring their own."""
    from claude_mpm_monitor.host.user_hooks import inspect_user_hooks

    try:
        hooks = inspect_user_hooks(config, claude_config_dir())
    except ConfigError as error:
        yield Finding("hooks", "problem", str(error), "Mend the file, then run the doctor again.")
        return
    if not hooks.events:
        yield Finding(
            "hooks",
            "note",
            f"none in {hooks.path}: runs with --monitor bring their own, plain `claude` "
            "is not watched",
            "To watch plain `claude` too: mpm-monitor hooks install",
        )
    elif hooks.disabled:
        yield Finding(
            "hooks",
            "problem",
            f'{hooks.path} says "disableAllHooks": true, so no hook runs',
            "Take that line out of the file.",
        )
    elif not hooks.programs_current:
        yield Finding(
            "hooks",
            "problem",
            "the installed hooks start programs that are missing or of another version",
            "mpm-monitor hooks install",
        )
    else:
        yield Finding("hooks", "ok", f"{len(hooks.events)} events reported ({hooks.path})")
    if hooks.events and shutil.which("bash") is None:
        yield Finding(
            "hooks", "note", "no bash here: each event costs Claude a Python start instead"
        )
