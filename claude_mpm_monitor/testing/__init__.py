"""Testing plugins: made-up sessions, benches for analyzers, rules and widgets, and receivers.

The fixtures are in `plugin`, which pytest loads where this package is installed.
"""

from __future__ import annotations

from claude_mpm_monitor.testing.analyzers import MemoryDocuments, apply_events, check_analyzer
from claude_mpm_monitor.testing.clock import Clock
from claude_mpm_monitor.testing.receivers import HttpReceiver, SmtpReceiver
from claude_mpm_monitor.testing.recorded import RECORDED, recorded
from claude_mpm_monitor.testing.rules import RuleBench
from claude_mpm_monitor.testing.session import Session, decoded
from claude_mpm_monitor.testing.settled import settled
from claude_mpm_monitor.testing.widgets import WidgetCheck, check_widget

__all__ = [
    "RECORDED",
    "Clock",
    "HttpReceiver",
    "MemoryDocuments",
    "RuleBench",
    "Session",
    "SmtpReceiver",
    "WidgetCheck",
    "apply_events",
    "check_analyzer",
    "check_widget",
    "decoded",
    "recorded",
    "settled",
]
