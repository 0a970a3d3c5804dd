"""`mpm-monitor doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

import click

from claude_mpm_monitor.cli.doctor import (
    browser,
    home,
    hooks,
    loading,
    port,
    prices,
    spool,
    store,
    transcripts,
    versions,
)
from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.cli.output import home_option, json_option, print_json, say
from claude_mpm_monitor.config import Config

CHECKS: tuple[Callable[[Config], Iterable[Finding]], ...] = (
    versions.check,
    loading.check,
    port.check,
    hooks.check,
    home.check,
    store.check,
    prices.check,
    spool.check,
    transcripts.check,
    browser.check,
)

MARKS = {
    "ok": click.style("ok     ", fg="green"),
    "note": click.style("note   ", fg="cyan"),
    "warning": click.style("warning", fg="yellow"),
    "problem": click.style("PROBLEM", fg="red", bold=True),
}


@click.command(short_help="Say what is wrong and how to mend it.")
@home_option
@json_option
@click.pass_context
def command(context: click.Context, home: Path | None, as_json: bool) -> None:
    """Look at everything the monitor needs and say what is wrong and how to mend it.

    Nothing is changed. Exits with 1 when something needs mending.
    """
    config = Config.from_environment(home=home)
    findings = [finding for check in CHECKS for finding in check(config)]
    problems = sum(finding.state == "problem" for finding in findings)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            say_finding(finding)
        say()
        say(f"{problems} to mend." if problems else "Nothing needs mending.")
    context.exit(1 if problems else 0)


def say_finding(finding: Finding) -> None:
    """Print one finding and, below it, what to do."""
    click.echo(f"{MARKS[finding.state]}  ", nl=False)
    say(f"{finding.check}: {finding.text}")
    if finding.remedy:
        say(f"{'':9}→ {finding.remedy}")
