"""The built-in plugin: it registers through the same hooks as anybody's."""

from __future__ import annotations

import logging
import os
import time
from functools import partial
from typing import TYPE_CHECKING

from claude_mpm_monitor.alerting.rules import (
    BudgetRule,
    FailedRule,
    LoopRule,
    StuckRule,
    WaitingRule,
)
from claude_mpm_monitor.alerting.sinks import LogSink, WebhookSink
from claude_mpm_monitor.analysis.alerts import AlertAnalyzer
from claude_mpm_monitor.analysis.commits import CommitAnalyzer
from claude_mpm_monitor.analysis.coverage import CoverageAnalyzer
from claude_mpm_monitor.analysis.results import ResultAnalyzer
from claude_mpm_monitor.analysis.spans import SpanAnalyzer
from claude_mpm_monitor.analysis.usage import UsageAnalyzer
from claude_mpm_monitor.cli.commands import COMMANDS, load
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.export.jsonl import JsonLines
from claude_mpm_monitor.export.markdown import Markdown
from claude_mpm_monitor.export.table import CsvTable
from claude_mpm_monitor.export.trace import Trace
from claude_mpm_monitor.hookspecs import hookimpl
from claude_mpm_monitor.ingest.api import ApiDecoder
from claude_mpm_monitor.ingest.branch import BranchEnricher
from claude_mpm_monitor.ingest.exported import ExportedDecoder, ExportedEvents
from claude_mpm_monitor.ingest.hooks import HookDecoder
from claude_mpm_monitor.ingest.host_records import RecordDecoder
from claude_mpm_monitor.ingest.mpm import MpmDecoder
from claude_mpm_monitor.ingest.otlp import OtlpDecoder
from claude_mpm_monitor.ingest.redact import SecretRedactor
from claude_mpm_monitor.ingest.transcript import TranscriptDecoder
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.model.alert import Rule, Sink
from claude_mpm_monitor.model.analyzer import Analyzer
from claude_mpm_monitor.model.chore import Chore
from claude_mpm_monitor.model.command import CommandSpec
from claude_mpm_monitor.model.decoder import Decoder
from claude_mpm_monitor.model.enricher import Enricher
from claude_mpm_monitor.model.exporter import Exporter
from claude_mpm_monitor.model.importer import Importer
from claude_mpm_monitor.model.message import MessageSpec
from claude_mpm_monitor.model.metric import Metric
from claude_mpm_monitor.model.prices import PriceBook
from claude_mpm_monitor.model.redactor import Redactor
from claude_mpm_monitor.model.report import Report
from claude_mpm_monitor.model.route import RouteSpec
from claude_mpm_monitor.model.setting import Setting, Settings
from claude_mpm_monitor.model.theme import ThemeSpec
from claude_mpm_monitor.model.widget import WidgetSpec
from claude_mpm_monitor.plugins.contrast_themes import CONTRAST_DARK, CONTRAST_LIGHT
from claude_mpm_monitor.pricing.overrides import read_tables
from claude_mpm_monitor.pricing.table import PriceTable
from claude_mpm_monitor.reporting.activity_report import ActivityReport
from claude_mpm_monitor.reporting.metrics import own_metrics
from claude_mpm_monitor.reporting.overview import answer_overview, tell_overview
from claude_mpm_monitor.reporting.tool_report import ToolReport
from claude_mpm_monitor.static import STATIC_ROOT
from claude_mpm_monitor.storage.regular_backup import EVERY_SECONDS, RegularBackup

if TYPE_CHECKING:
    from claude_mpm_monitor.monitor import Monitor

_LIFE_LOGGER = "claude_mpm_monitor.life"
_PRICES_LOGGER = "claude_mpm_monitor.prices"
_ALERTS_LOGGER = "claude_mpm_monitor.alerts"
#: Tabs that have the whole width as long as nothing is selected.
_WIDE = ("overview", "board", "timeline", "sessions", "health")

_BACKUP_SETTINGS = (
    Setting(
        name="backup_days",
        default=0,
        minimum=0,
        help="The store is copied into the folder backups every so many days; 0: it is not.",
    ),
    Setting(
        name="backup_keep",
        default=3,
        minimum=1,
        help="So many copies are kept, the newest.",
    ),
)


@hookimpl
def monitor_register_settings() -> list[Setting]:
    """When and how somebody is told, what is hidden, and how often the store is copied."""
    return [
        Setting(
            name="waiting_seconds",
            default=30.0,
            minimum=0,
            help="A session that waits for a person for so long (seconds) is an alert.",
        ),
        Setting(
            name="stuck_minutes",
            default=10.0,
            minimum=0,
            help="A session that runs and does nothing for so long is an alert; 0: none is.",
        ),
        Setting(
            name="loop_calls",
            default=6,
            minimum=0,
            maximum=16,
            help="So many equal calls of an agent in a row are an alert; 0: none are.",
        ),
        Setting(
            name="budget_usd",
            default=0.0,
            minimum=0,
            help="A session that costs more (USD) is an alert; 0: none is.",
        ),
        Setting(
            name="redact",
            default=True,
            help="Whether what looks like a secret is hidden before it is stored.",
        ),
        Setting(
            name="redact_also",
            default="",
            help="A regular expression: what it finds is hidden, too.",
        ),
        Setting(
            name="redact_never",
            default="",
            help="A regular expression: secrets in which it finds something are left.",
        ),
        Setting(
            name="webhook_url",
            default="",
            help="Alerts are posted to this address as JSON; empty: they are not.",
        ),
        *_BACKUP_SETTINGS,
    ]


@hookimpl
def monitor_register_decoders() -> list[Decoder]:
    """Claude Code's hooks and telemetry, the host's wire and files, transcripts, our own words."""
    return [
        HookDecoder(),
        OtlpDecoder(),
        MpmDecoder(),
        RecordDecoder(),
        TranscriptDecoder(),
        ApiDecoder(),
        ExportedDecoder(),
    ]


@hookimpl
def monitor_register_analyzers(prices: PriceTable) -> list[Analyzer]:
    """Spans and files; API calls and their cost; commits; coverage; alerts; kept answers."""
    return [
        SpanAnalyzer(),
        UsageAnalyzer(prices),
        CommitAnalyzer(),
        CoverageAnalyzer(),
        AlertAnalyzer(),
        ResultAnalyzer(),
    ]


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
        new_logger(logging.getLogger(_PRICES_LOGGER)).error(
            "built-in prices are used", reason=str(error)
        )
        return []


@hookimpl
def monitor_register_rules(settings: Settings) -> list[Rule]:
    """What calls for attention."""
    rules: list[Rule] = [WaitingRule(settings.waiting_seconds), FailedRule()]
    if settings.stuck_minutes:
        rules.append(StuckRule(settings.stuck_minutes * 60))
    if settings.loop_calls:
        rules.append(LoopRule(settings.loop_calls))
    if settings.budget_usd:
        rules.append(BudgetRule(settings.budget_usd))
    return rules


@hookimpl
def monitor_register_sinks(settings: Settings) -> list[Sink]:
    """The log, and a webhook where the user has named one."""
    sinks: list[Sink] = [LogSink(new_logger(logging.getLogger(_ALERTS_LOGGER)))]
    if url := settings.webhook_url:
        sinks.append(WebhookSink(url))
    return sinks


@hookimpl
def monitor_register_redactors(settings: Settings) -> list[Redactor]:
    """Secrets are hidden, unless the user wants them."""
    if not settings.redact:
        return []
    return [SecretRedactor(settings.redact_also, settings.redact_never)]


@hookimpl
def monitor_register_enrichers() -> list[Enricher]:
    """The branch a session works on."""
    return [BranchEnricher()]


@hookimpl
def monitor_register_exporters() -> list[Exporter]:
    """Events for programs, tool calls for spreadsheets, text to read, a trace to look at."""
    return [JsonLines(), CsvTable(), Markdown(), Trace()]


@hookimpl
def monitor_register_importers() -> list[Importer]:
    """What was exported, elsewhere or before the store was lost."""
    return [ExportedEvents()]


@hookimpl
def monitor_register_widgets() -> list[WidgetSpec]:
    """The dashboard's own tabs."""
    tabs = (
        ("overview", "Overview", ("session", "agent", "tool_call", "alert", "api_error", "usage")),
        ("events", "Events", ()),
        ("timeline", "Timeline", ("session", "turn", "agent", "tool_call", "api_call")),
        ("agents", "Agents", ("agent",)),
        ("tools", "Tools", ("tool_call",)),
        ("files", "Files", ("file",)),
        ("cost", "Cost", ("usage", "api_call")),
        ("board", "Board", ()),
        ("sessions", "Sessions", ("session", "usage")),
        ("health", "Health", ()),
    )
    return [
        WidgetSpec(
            id=f"monitor.{name}",
            title=title,
            module=f"js/widgets/{name}.js",
            static_dir=STATIC_ROOT,
            topics=topics,
            placement="tab",
            wide=name in _WIDE,
        )
        for name, title, topics in tabs
    ]


@hookimpl
def monitor_register_themes() -> list[ThemeSpec]:
    """Dark and light, each with more contrast than the page's own."""
    return [CONTRAST_DARK, CONTRAST_LIGHT]


@hookimpl
def monitor_register_reports() -> list[Report]:
    """How tools do, and when there was work."""
    return [ToolReport(), ActivityReport()]


@hookimpl
def monitor_register_routes() -> list[RouteSpec]:
    """What the page opens on."""
    return [
        RouteSpec(
            path="overview",
            handler=answer_overview,
            summary="Who needs a person, of all sessions or those of a project.",
        )
    ]


@hookimpl
def monitor_register_messages() -> list[MessageSpec]:
    """What the page opens on, for clients that are told over Socket.IO when to ask for it anew."""
    return [
        MessageSpec(
            name="overview",
            handler=tell_overview,
            summary='As GET /api/v1/overview: who needs a person; `{"project": "…"}` narrows it.',
        )
    ]


@hookimpl
def monitor_register_commands() -> list[CommandSpec]:
    """Every command of `mpm-monitor`."""
    return [CommandSpec(name=name, load=partial(load, module)) for name, module in COMMANDS.items()]


@hookimpl
def monitor_register_metrics() -> list[Metric]:
    """What the monitor tells of itself."""
    return own_metrics()


@hookimpl
def monitor_register_chores(config: Config, settings: Settings) -> list[Chore]:
    """Copies of the store, where the user wants them."""
    if not settings.backup_days:
        return []
    backup = RegularBackup(config.database, settings.backup_days, settings.backup_keep)
    return [Chore(name="backup", every=EVERY_SECONDS, run=backup.run)]


@hookimpl
def monitor_started(monitor: Monitor) -> None:
    """Say in the log, which several processes share, who writes from now on."""
    new_logger(logging.getLogger(_LIFE_LOGGER)).info(
        "monitor started", pid=os.getpid(), url=monitor.url, ingest_port=monitor.ingest_port
    )


@hookimpl
def monitor_stopping(monitor: Monitor) -> None:
    """Say that it was no crash."""
    seconds = round(time.time() - monitor.started_at / 1e6, 1)
    new_logger(logging.getLogger(_LIFE_LOGGER)).info(
        "monitor stops", pid=os.getpid(), after_seconds=seconds
    )
