"""The built-in plugin: it registers through the same hooks as anybody's."""

from __future__ import annotations

from claude_mpm_monitor.analysis.coverage import CoverageAnalyzer
from claude_mpm_monitor.analysis.spans import SpanAnalyzer
from claude_mpm_monitor.hookspecs import hookimpl
from claude_mpm_monitor.ingest.api import ApiDecoder
from claude_mpm_monitor.ingest.hooks import HookDecoder
from claude_mpm_monitor.ingest.mpm import MpmDecoder
from claude_mpm_monitor.ingest.otlp import OtlpDecoder
from claude_mpm_monitor.ingest.transcript import TranscriptDecoder
from claude_mpm_monitor.model.analyzer import Analyzer
from claude_mpm_monitor.model.decoder import Decoder
from claude_mpm_monitor.model.widget import WidgetSpec
from claude_mpm_monitor.static import STATIC_ROOT


@hookimpl
def monitor_register_decoders() -> list[Decoder]:
    """Claude Code's hooks and telemetry, the host's wire, transcripts, and our own API."""
    return [HookDecoder(), OtlpDecoder(), MpmDecoder(), TranscriptDecoder(), ApiDecoder()]


@hookimpl
def monitor_register_analyzers() -> list[Analyzer]:
    """Sessions, turns, agents, tool calls and files; and what each source knew of them."""
    return [SpanAnalyzer(), CoverageAnalyzer()]


@hookimpl
def monitor_register_widgets() -> list[WidgetSpec]:
    """The dashboard's own tabs."""
    tabs = (
        ("events", "Events", ()),
        ("agents", "Agents", ("agent",)),
        ("tools", "Tools", ("tool_call",)),
        ("files", "Files", ("file",)),
    )
    return [
        WidgetSpec(
            id=f"monitor.{name}",
            title=title,
            module=f"js/widgets/{name}.js",
            static_dir=STATIC_ROOT,
            topics=topics,
            placement="tab",
        )
        for name, title, topics in tabs
    ]
