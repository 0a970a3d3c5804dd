"""Live monitor for Claude MPM and Claude Code sessions.

Importing this package starts nothing and imports nothing but the standard library: the public
names below are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.hookspecs.markers import hookimpl
    from claude_mpm_monitor.model.alert import Alert, Condition, Rule, Sink
    from claude_mpm_monitor.model.analyzer import Analyzer, Documents
    from claude_mpm_monitor.model.enricher import Enricher
    from claude_mpm_monitor.model.event import Event, Raw
    from claude_mpm_monitor.model.exporter import Exporter, Recording
    from claude_mpm_monitor.model.prices import PriceBook
    from claude_mpm_monitor.model.redactor import Redactor
    from claude_mpm_monitor.model.setting import Setting
    from claude_mpm_monitor.model.widget import WidgetSpec
    from claude_mpm_monitor.monitor import Monitor

_HOMES = {
    "Alert": "claude_mpm_monitor.model.alert",
    "Analyzer": "claude_mpm_monitor.model.analyzer",
    "Condition": "claude_mpm_monitor.model.alert",
    "Config": "claude_mpm_monitor.config",
    "Documents": "claude_mpm_monitor.model.analyzer",
    "Enricher": "claude_mpm_monitor.model.enricher",
    "Event": "claude_mpm_monitor.model.event",
    "Exporter": "claude_mpm_monitor.model.exporter",
    "Monitor": "claude_mpm_monitor.monitor",
    "PriceBook": "claude_mpm_monitor.model.prices",
    "Raw": "claude_mpm_monitor.model.event",
    "Recording": "claude_mpm_monitor.model.exporter",
    "Redactor": "claude_mpm_monitor.model.redactor",
    "Rule": "claude_mpm_monitor.model.alert",
    "Setting": "claude_mpm_monitor.model.setting",
    "Sink": "claude_mpm_monitor.model.alert",
    "WidgetSpec": "claude_mpm_monitor.model.widget",
    "hookimpl": "claude_mpm_monitor.hookspecs.markers",
}

__version__ = "0.1.0"
__all__ = [
    "Alert",
    "Analyzer",
    "Condition",
    "Config",
    "Documents",
    "Enricher",
    "Event",
    "Exporter",
    "Monitor",
    "PriceBook",
    "Raw",
    "Recording",
    "Redactor",
    "Rule",
    "Setting",
    "Sink",
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
