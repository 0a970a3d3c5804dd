"""`mpm-monitor show`."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from claude_mpm_monitor.cli.money import cost, dollars, notes, tokens, unpriced_models
from claude_mpm_monitor.cli.output import (
    home_option,
    json_option,
    moment,
    print_json,
    print_table,
    say,
    span,
)
from claude_mpm_monitor.cli.reading import find_session, open_query
from claude_mpm_monitor.cli.told import print_errors, print_sources
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError

Json = dict[str, Any]
FILES = 20
_STATUSES = ("ok", "error", "denied", "interrupted", "running", "unknown")


@click.command(short_help="Show all about one session.")
@click.argument("session")
@home_option
@json_option
def command(session: str, home: Path | None, as_json: bool) -> None:
    """Show a session: its agents, tools, files, and what it cost. Needs no running monitor.

    The beginning of the session's id will do, as `mpm-monitor sessions` shows it.
    """
    from claude_mpm_monitor.reporting.sessions import session_report

    query = open_query(Config.from_environment(home=home))
    if not session:
        raise MonitorError("Which session? `mpm-monitor sessions` lists them.")
    report = session_report(query, find_session(query, session))
    if as_json:
        print_json(report)
        return
    _head(report["session"], report["turns"])
    _agents(report["agents"])
    _tools(report["tools"])
    _files(report["files"])
    if report["usage"] is not None:
        _cost(report["usage"], report["context"])
    print_errors(report["api_errors"])
    print_sources(report["coverage"])


def _head(session: Json, turns: list[Json]) -> None:
    say(session["title"] or "A session without a title")
    say()
    ended = session["ended_at"] or session["last_at"]
    statuses = Counter(turn["status"] for turn in turns)
    parts = {
        "session": session["session_id"],
        "project": session["project"],
        "branch": session["branch"],
        "model": session["model"],
        "version": session["cli_version"] and f"Claude Code {session['cli_version']}",
        "status": session["status"],
        "time": f"{moment(session['started_at'])} to {moment(ended)}",
        "turns": f"{len(turns)}" + (f" ({_counts(statuses)})" if turns else ""),
    }
    for name, value in parts.items():
        if value:
            say(f"{name:9} {value}")


def _agents(agents: list[Json]) -> None:
    if not agents:
        return
    say()
    print_table(
        ("~agent", "status", ">time", ">tools", ">errors", ">tokens", ">cost"),
        [
            (
                _agent_name(agent),
                agent.get("status") or "-",
                span(agent.get("duration_us")),
                str(agent.get("tool_calls", 0)),
                str(agent.get("errors", 0)),
                tokens(_tokens(agent["usage"])) if agent.get("usage") else "-",
                cost(agent.get("usage")),
            )
            for agent in agents
        ],
    )


def _agent_name(agent: Json) -> str:
    name = agent.get("agent_type") or agent["agent_id"] or "main"
    what = f": {agent['description']}" if agent.get("description") else ""
    return f"{'  ' * agent['depth']}{name}{what}"


def _tools(tools: dict[str, dict[str, int]]) -> None:
    if not tools:
        return
    used = [name for name in _STATUSES if any(name in counts for counts in tools.values())]
    say()
    print_table(
        ("~tool", *(f">{name}" for name in used)),
        [
            (tool, *(str(counts.get(name) or "") for name in used))
            for tool, counts in sorted(tools.items(), key=lambda item: -sum(item[1].values()))
        ],
    )


def _files(files: list[Json]) -> None:
    if not files:
        return
    files.sort(key=lambda file: (-(file["writes"] + file["edits"]), -file["reads"], file["path"]))
    say()
    print_table(
        ("~file", ">reads", ">edits", ">writes", ">lines"),
        [
            (
                file["path"],
                *(str(file[name] or "") for name in ("reads", "edits", "writes")),
                f"+{file['added']} -{file['removed']}" if file["added"] or file["removed"] else "",
            )
            for file in files[:FILES]
        ],
    )
    if len(files) > FILES:
        say(f"{len(files) - FILES} more files.")


def _cost(usage: Json, context: Json) -> None:
    say()
    models = usage["models"].items()
    print_table(
        ("~model", ">calls", ">input", ">output", ">cache writes", ">cache reads", ">cost"),
        [_model(name, sums) for name, sums in [*models, ("total", usage)]],
    )
    if usage["cache_hit_ratio"] is not None:
        say(f"{usage['cache_hit_ratio']:.0%} of the prompt tokens came from the cache.")
    if context["largest"] is not None:
        last, largest = tokens(context["last"]), tokens(context["largest"])
        times = len(context["compactions"])
        compacted = f"compacted {times} x" if times else "never compacted"
        say(f"Context: {last} tokens at the end, {largest} at most, {compacted}.")
    _reconciliation("Claude Code itself says", usage["reconciliation"])
    _reconciliation("Telemetry metered", usage["metering"])
    for note in notes(usage):
        say(note)
    if usage["unpriced"]:
        say(f"Without a price: {unpriced_models(usage)}.")


def _reconciliation(said: str, compared: Json | None) -> None:
    if compared is None:
        return
    stated = dollars(Decimal(compared["usd"]["stated"]))
    if not compared["difference"]:
        say(f"{said} {stated}: the same.")
        return
    difference = Decimal(compared["usd"]["difference"])
    direction = "more" if difference > 0 else "less"
    say(f"{said} {stated}, {dollars(abs(difference))} {direction}:")
    for reason in compared["reasons"] or ["no reason is known; please report it"]:
        say(f"  - {reason}")


def _model(name: str, sums: Json) -> tuple[str, ...]:
    writes = sums["cache_write_5m"] + sums["cache_write_1h"]
    counts = (sums["input"], sums["output"], writes, sums["cache_read"])
    return (name or "unknown", f"{sums['calls']:,}", *map(tokens, counts), cost(sums))


def _tokens(sums: Json) -> int:
    from claude_mpm_monitor.reporting.sessions import tokens_of

    return tokens_of(sums)


def _counts(statuses: Counter[str]) -> str:
    return ", ".join(f"{count} {status}" for status, count in statuses.most_common())
