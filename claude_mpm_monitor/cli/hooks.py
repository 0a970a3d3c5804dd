"""`mpm-monitor hooks`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from claude_mpm_monitor.cli.output import home_option, json_option, print_json, say
from claude_mpm_monitor.cli.sources import claude_config_dir
from claude_mpm_monitor.config import Config

if TYPE_CHECKING:
    from claude_mpm_monitor.host.user_hooks import UserHooks


@click.group(short_help="Have plain `claude` report to the monitor, or no longer.")
def command() -> None:
    """Have plain `claude` report to the monitor, or no longer.

    Only for running `claude` without claude-mpm: a run with --monitor brings hooks of its own and
    needs nothing in your settings.
    """


@command.command("install")
@home_option
@json_option
def install(home: Path | None, as_json: bool) -> None:
    """Register our hook in your Claude Code settings, or bring it up to date.

    Everything else in the file stays as it is, and a copy of it is kept beside it.
    """
    from claude_mpm_monitor.host.user_hooks import install_user_hooks

    hooks = install_user_hooks(Config.from_environment(home=home), claude_config_dir())
    if as_json:
        print_json(_fields(hooks))
        return
    _say(hooks)
    say("Claude Code sessions started from now on are recorded; `mpm-monitor serve` shows them.")


@command.command("remove")
@home_option
@json_option
def remove(home: Path | None, as_json: bool) -> None:
    """Take our hook out of your Claude Code settings again."""
    from claude_mpm_monitor.host.user_hooks import remove_user_hooks

    hooks = remove_user_hooks(Config.from_environment(home=home), claude_config_dir())
    if as_json:
        print_json(_fields(hooks))
        return
    _say(hooks)


@command.command("show")
@home_option
@json_option
def show(home: Path | None, as_json: bool) -> None:
    """Say what is registered in your Claude Code settings. Changes nothing."""
    from claude_mpm_monitor.host.user_hooks import inspect_user_hooks

    hooks = inspect_user_hooks(Config.from_environment(home=home), claude_config_dir())
    if as_json:
        print_json(_fields(hooks))
        return
    _say(hooks)


def _say(hooks: UserHooks) -> None:
    if hooks.events:
        say(f"{hooks.path}: our hook reports {len(hooks.events)} kinds of events:")
        say(f"  {', '.join(hooks.events)}")
        if not hooks.programs_current:
            say("  The programs it starts are missing or old: `mpm-monitor hooks install`.")
    else:
        say(f"{hooks.path}: no hook of ours.")
    if hooks.disabled:
        say('  The file says "disableAllHooks": true, so no hook runs.')
    if hooks.backup:
        say(f"  The file as it was before: {hooks.backup}")


def _fields(hooks: UserHooks) -> dict[str, object]:
    import msgspec

    fields: dict[str, object] = msgspec.to_builtins(hooks, enc_hook=str)
    return fields
