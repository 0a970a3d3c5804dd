"""`mpm-monitor start`."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claude_mpm_monitor.cli import foreground
from claude_mpm_monitor.cli.output import home_option, say
from claude_mpm_monitor.cli.sources import claude_config_dir
from claude_mpm_monitor.config import Config

if TYPE_CHECKING:
    from claude_mpm_monitor.monitor import Monitor


@click.command(
    short_help="Show a living dashboard, with whatever there is.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@home_option
@click.option("--port", type=click.IntRange(0, 65_535), help="The dashboard's port, 0 for any.")
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open the page.")
@click.option("--sample", is_flag=True, help="Play the sample session, whatever else there is.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(
    context: click.Context,
    home: Path | None,
    port: int | None,
    browser: bool,
    sample: bool,
    arguments: tuple[str, ...],
) -> None:
    """Show a living dashboard, with whatever this machine has.

    With claude-mpm and claude, and a terminal to run them in: `claude-mpm run --monitor ARGUMENTS`.
    Otherwise the monitor by itself, with the sessions Claude Code has kept; where there are none,
    with a sample session that is played as if it were happening.
    """
    missing = missing_for_a_run()
    if not missing and not sample:
        from claude_mpm_monitor.host.takeover import run_host

        say("Starting claude-mpm with the monitor ...")
        os.environ.update(as_environment(home, port, browser=browser))
        context.exit(run_host(list(arguments)))
    config = Config.from_environment(home=home, port=port)
    if foreground.already_running(config, browser=browser):
        return
    foreground.require_port(config)
    if missing and not sample:
        say(f"{missing}, so the monitor runs by itself.")
    _serve(config, browser=browser, sample=sample)


def as_environment(home: Path | None, port: int | None, *, browser: bool) -> dict[str, str]:
    """Return the options as the variables by which a run of claude-mpm takes them."""
    return {
        **({"CLAUDE_MPM_MONITOR_HOME": str(home)} if home else {}),
        **({"CLAUDE_MPM_MONITOR_PORT": str(port)} if port is not None else {}),
        **({} if browser else {"CLAUDE_MPM_NO_BROWSER": "1"}),
    }


def missing_for_a_run() -> str:
    """Return what claude-mpm cannot be run for, "" when it can."""
    if find_spec("claude_mpm") is None:
        return "claude-mpm is not installed here"
    if shutil.which("claude") is None:
        return "There is no `claude` on PATH"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "This is no terminal claude could run in"
    return ""


def _serve(config: Config, *, browser: bool, sample: bool) -> None:
    from claude_mpm_monitor.cli.importing import transcripts
    from claude_mpm_monitor.monitor import Monitor

    files = [] if sample else transcripts([claude_config_dir()])
    with foreground.interruptible() as stop, Monitor(config) as monitor:
        if files:
            _import(monitor, files, stop)
            say("The dashboard shows them; new sessions appear as they happen once")
            say("`mpm-monitor hooks install` has told Claude Code to report here:")
            foreground.show(monitor.url, config, monitor.status(), browser=browser)
        else:
            if not sample:
                say("Claude Code has kept no session on this machine; here is a made-up one.")
            say("The sample session is happening on the dashboard now:")
            session = _play_sample(monitor, stop)
            foreground.show(monitor.url, config, monitor.status(), browser=browser, session=session)
        foreground.keep(monitor, stop)


def _import(monitor: Monitor, files: list[Path], stop: threading.Event) -> None:
    from claude_mpm_monitor.cli.import_ import told
    from claude_mpm_monitor.cli.importing import import_files

    say(f"Bringing in the sessions of {claude_config_dir()} ...")
    done = import_files(monitor, files, stop)
    say(f"{done.files} files: {told(done.stored, done.duplicate)}.")


def _play_sample(monitor: Monitor, stop: threading.Event) -> str:
    """Play the sample session on a thread of its own; return its id."""
    from claude_mpm_monitor.sample.replay import replay
    from claude_mpm_monitor.sample.story import session

    steps = session()
    threading.Thread(
        target=replay,
        args=(steps, monitor.ingest, stop.wait),
        name="mpm-monitor-sample",
        daemon=True,
    ).start()
    session_id: str = steps[0].payload["session_id"]
    return session_id
