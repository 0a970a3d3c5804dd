"""`mpm-monitor run`."""

from __future__ import annotations

import os

import click


@click.command(
    short_help="Run claude-mpm (or plain claude) with the monitor.",
    context_settings={
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,
        "help_option_names": ["--help"],
    },
)
@click.option("--plain", is_flag=True, help="Run `claude` itself instead of claude-mpm.")
@click.option("--telemetry", is_flag=True, help="Have claude report its own telemetry, too.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(
    context: click.Context, plain: bool, telemetry: bool, arguments: tuple[str, ...]
) -> None:
    """Run claude-mpm with the monitor in the same process.

    ARGUMENTS are those of `claude-mpm run`; --monitor is added. This does the same as
    `claude-mpm run --monitor`, without relying on the line in site-packages that makes that
    command ours. With --plain, ARGUMENTS are those of `claude`, which is run without claude-mpm.
    The exit code is that of what was run.

    --telemetry is the same as CLAUDE_MPM_MONITOR_TELEMETRY=1: requests to the model, with tokens,
    cost and times, and the waiting for you, as claude itself measures them. Nothing of it leaves
    this machine.
    """
    from claude_mpm_monitor.host.takeover import run_claude, run_host

    if telemetry:
        os.environ["CLAUDE_MPM_MONITOR_TELEMETRY"] = "1"
    context.exit(run_claude(list(arguments)) if plain else run_host(list(arguments)))
