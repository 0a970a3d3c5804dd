"""The built-in plugin: it registers through the same hooks as anybody's."""

from __future__ import annotations

import logging

from claude_mpm_monitor.analysis.coverage import CoverageAnalyzer
from claude_mpm_monitor.analysis.spans import SpanAnalyzer
from claude_mpm_monitor.analysis.usage import UsageAnalyzer
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.export.jsonl import JsonLines
from claude_mpm_monitor.export.markdown import Markdown
from claude_mpm_monitor.export.table import CsvTable
from claude_mpm_monitor.export.trace import Trace
from claude_mpm_monitor.hookspecs import hookimpl
from claude_mpm_monitor.ingest.api import ApiDecoder
from claude_mpm_monitor.ingest.hooks import HookDecoder
from claude_mpm_monitor.ingest.mpm import MpmDecoder
from claude_mpm_monitor.ingest.otlp import OtlpDecoder
from claude_mpm_monitor.ingest.transcript import TranscriptDecoder
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.model.analyzer import Analyzer
from claude_mpm_monitor.model.decoder import Decoder
from claude_mpm_monitor.model.exporter import Exporter
from claude_mpm_monitor.model.prices import PriceBook
from claude_mpm_monitor.model.widget import WidgetSpec
from claude_mpm_monitor.pricing.overrides import read_tables
from claude_mpm_monitor.pricing.table import PriceTable
from claude_mpm_monitor.static import STATIC_ROOT

_LOGGER = "claude_mpm_monitor.prices"


@hookimpl
def monitor_register_decoders() -> list[Decoder]:
    """Claude Code's hooks and telemetry, the host's wire, transcripts, and our own API."""
    return [HookDecoder(), OtlpDecoder(), MpmDecoder(), TranscriptDecoder(), ApiDecoder()]


@hookimpl
def monitor_register_analyzers(prices: PriceTable) -> list[Analyzer]:
    """Sessions, turns, agents, tool calls and files; API calls and their cost; coverage."""
    return [SpanAnalyzer(), UsageAnalyzer(prices), CoverageAnalyzer()]


@hookimpl
def monitor_register_prices(config: Config) -> list[PriceBook]:
    """The user's own prices; none when they cannot be used.

    A mistake in a file of prices must not cost anybody their figures: it is logged, and
    `mpm-monitor doctor` says what to mend.
    """
    if not config.prices.exists():
        return []
    try:
        return [PriceBook(name=str(config.prices), models=read_tables(config.prices))]
    except ConfigError as error:
        new_logger(logging.getLogger(_LOGGER)).error("built-in prices are used", reason=str(error))
        return []


@hookimpl
def monitor_register_exporters() -> list[Exporter]:
    """Events for programs, tool calls for spreadsheets, text to read, a trace to look at."""
    return [JsonLines(), CsvTable(), Markdown(), Trace()]


@hookimpl
def monitor_register_widgets() -> list[WidgetSpec]:
    """The dashboard's own tabs."""
    tabs = (
        ("events", "Events", ()),
        ("agents", "Agents", ("agent",)),
        ("tools", "Tools", ("tool_call",)),
        ("files", "Files", ("file",)),
        ("cost", "Cost", ("usage", "api_call")),
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
