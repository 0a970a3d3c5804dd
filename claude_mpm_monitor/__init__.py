"""Live monitor for Claude MPM and Claude Code sessions.

Importing this package starts nothing and imports nothing but the standard library: the public
names below are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.errors import DecodeError, PartlyUnderstood
    from claude_mpm_monitor.hookspecs.markers import hookimpl
    from claude_mpm_monitor.model.alert import Alert, Condition, Rule, Sink
    from claude_mpm_monitor.model.analyzer import Analyzer, Documents
    from claude_mpm_monitor.model.chore import Chore, ChoreCall
    from claude_mpm_monitor.model.command import CommandSpec
    from claude_mpm_monitor.model.decoder import Decoder
    from claude_mpm_monitor.model.enricher import Enricher
    from claude_mpm_monitor.model.event import Event, Raw
    from claude_mpm_monitor.model.exporter import Exporter, Recording
    from claude_mpm_monitor.model.importer import Importer
    from claude_mpm_monitor.model.message import MessageCall, MessageSpec
    from claude_mpm_monitor.model.metric import Metric
    from claude_mpm_monitor.model.prices import PriceBook
    from claude_mpm_monitor.model.redactor import Redactor
    from claude_mpm_monitor.model.report import (
        Column,
        Counter,
        Counters,
        Finding,
        Findings,
        Line,
        Question,
        Report,
        Section,
        Series,
        Table,
    )
    from claude_mpm_monitor.model.route import Answer, Call, Refused, RouteSpec
    from claude_mpm_monitor.model.setting import Setting
    from claude_mpm_monitor.model.theme import ThemeSpec
    from claude_mpm_monitor.model.widget import WidgetSpec
    from claude_mpm_monitor.monitor import Monitor

_HOMES = {
    "Alert": "claude_mpm_monitor.model.alert",
    "Analyzer": "claude_mpm_monitor.model.analyzer",
    "Answer": "claude_mpm_monitor.model.route",
    "Call": "claude_mpm_monitor.model.route",
    "Chore": "claude_mpm_monitor.model.chore",
    "ChoreCall": "claude_mpm_monitor.model.chore",
    "Column": "claude_mpm_monitor.model.report",
    "CommandSpec": "claude_mpm_monitor.model.command",
    "Condition": "claude_mpm_monitor.model.alert",
    "Config": "claude_mpm_monitor.config",
    "Counter": "claude_mpm_monitor.model.report",
    "Counters": "claude_mpm_monitor.model.report",
    "DecodeError": "claude_mpm_monitor.errors",
    "Decoder": "claude_mpm_monitor.model.decoder",
    "Documents": "claude_mpm_monitor.model.analyzer",
    "Enricher": "claude_mpm_monitor.model.enricher",
    "Event": "claude_mpm_monitor.model.event",
    "Exporter": "claude_mpm_monitor.model.exporter",
    "Finding": "claude_mpm_monitor.model.report",
    "Findings": "claude_mpm_monitor.model.report",
    "Importer": "claude_mpm_monitor.model.importer",
    "Line": "claude_mpm_monitor.model.report",
    "MessageCall": "claude_mpm_monitor.model.message",
    "MessageSpec": "claude_mpm_monitor.model.message",
    "Metric": "claude_mpm_monitor.model.metric",
    "Monitor": "claude_mpm_monitor.monitor",
    "PartlyUnderstood": "claude_mpm_monitor.errors",
    "PriceBook": "claude_mpm_monitor.model.prices",
    "Question": "claude_mpm_monitor.model.report",
    "Raw": "claude_mpm_monitor.model.event",
    "Recording": "claude_mpm_monitor.model.exporter",
    "Redactor": "claude_mpm_monitor.model.redactor",
    "Refused": "claude_mpm_monitor.model.route",
    "Report": "claude_mpm_monitor.model.report",
    "RouteSpec": "claude_mpm_monitor.model.route",
    "Rule": "claude_mpm_monitor.model.alert",
    "Section": "claude_mpm_monitor.model.report",
    "Series": "claude_mpm_monitor.model.report",
    "Setting": "claude_mpm_monitor.model.setting",
    "Sink": "claude_mpm_monitor.model.alert",
    "Table": "claude_mpm_monitor.model.report",
    "ThemeSpec": "claude_mpm_monitor.model.theme",
    "WidgetSpec": "claude_mpm_monitor.model.widget",
    "hookimpl": "claude_mpm_monitor.hookspecs.markers",
}

__version__ = "0.1.0"
__all__ = [
    "Alert",
    "Analyzer",
    "Answer",
    "Call",
    "Chore",
    "ChoreCall",
    "Column",
    "CommandSpec",
    "Condition",
    "Config",
    "Counter",
    "Counters",
    "DecodeError",
    "Decoder",
    "Documents",
    "Enricher",
    "Event",
    "Exporter",
    "Finding",
    "Findings",
    "Importer",
    "Line",
    "MessageCall",
    "MessageSpec",
    "Metric",
    "Monitor",
    "PartlyUnderstood",
    "PriceBook",
    "Question",
    "Raw",
    "Recording",
    "Redactor",
    "Refused",
    "Report",
    "RouteSpec",
    "Rule",
    "Section",
    "Series",
    "Setting",
    "Sink",
    "Table",
    "ThemeSpec",
    "WidgetSpec",
    "__version__",
    "hookimpl",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
