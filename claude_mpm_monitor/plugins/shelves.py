"""Shelves: one for each kind of thing that plugins register, and what each kind must have."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from functools import partial
from operator import attrgetter
from typing import Any

from werkzeug.routing import Map
from werkzeug.routing import Rule as PathRule

from claude_mpm_monitor.errors import PluginError
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
from claude_mpm_monitor.model.theme import ThemeSpec
from claude_mpm_monitor.model.widget import WidgetSpec
from claude_mpm_monitor.plugins.shelf import Shelf
from claude_mpm_monitor.pricing.overrides import parse_overrides

#: What no importer may be called: ``mpm-monitor import`` reads those by itself.
TRANSCRIPTS = "transcript"
_BY_NAME = attrgetter("name")
_METRIC = re.compile(r"[a-z][a-z0-9_]*")
_REPORT = re.compile(r"[a-z0-9][a-z0-9._-]*")
_COMMAND = re.compile(r"[a-z][a-z0-9-]*")
_THEME = re.compile(r"[a-z0-9][a-z0-9.-]*")
#: What the page's own theme button begins with.
_OWN_THEMES = frozenset({"system", "light", "dark"})
_TOKEN = re.compile(r"--[a-z0-9-]+")
#: A value is one value: it ends nothing, escapes nothing and, by `url(`, loads nothing.
_TOKEN_VALUE = re.compile(r"(?!.*url\()[^;{}\\\x00-\x1f]{1,100}", re.IGNORECASE)


class Shelves:
    """Everything that plugins registered, by kind. Read only once the plugins are loaded."""

    def __init__(self) -> None:
        self._make_those_for_data()
        self._make_those_for_people()

    def _make_those_for_data(self) -> None:
        self.decoders: Shelf[Decoder] = Shelf(
            "decoders", Decoder, "`dialect` and `decode(raw)`", lambda decoder: decoder.dialect
        )
        self.redactors: Shelf[Redactor] = Shelf(
            "redactors", Redactor, "`name` and `redact(text)`", _BY_NAME
        )
        self.enrichers: Shelf[Enricher] = Shelf(
            "enrichers",
            Enricher,
            "`name` and `enrich(event)`",
            _BY_NAME,
            partial(_check_kinds, "enricher"),
        )
        self.analyzers: Shelf[Analyzer] = Shelf(
            "analyzers",
            Analyzer,
            "`name`, `version`, `topics` and `apply(event, documents)`",
            _BY_NAME,
            self._check_analyzer,
        )
        self.prices: Shelf[PriceBook] = Shelf(
            "prices", PriceBook, "to be a PriceBook", _BY_NAME, _check_prices
        )
        self.rules: Shelf[Rule] = Shelf(
            "rules", Rule, "`name`, `topics` and `conditions(change)`", _BY_NAME
        )
        self.sinks: Shelf[Sink] = Shelf("sinks", Sink, "`name` and `deliver(alert)`", _BY_NAME)
        self.exporters: Shelf[Exporter] = Shelf(
            "exporters",
            Exporter,
            "`name`, `suffix`, `media_type` and `export(recording, out)`",
            _BY_NAME,
        )
        self.importers: Shelf[Importer] = Shelf(
            "importers",
            Importer,
            "`name`, `suffixes`, `reads(path)` and `read(path)`",
            _BY_NAME,
            _check_importer,
        )
        self.chores: Shelf[Chore] = Shelf(
            "chores", Chore, "to be a Chore", _BY_NAME, _check_chore, shared=False
        )

    def _make_those_for_people(self) -> None:
        self.widgets: Shelf[WidgetSpec] = Shelf(
            "widgets", WidgetSpec, "to be a WidgetSpec", lambda widget: widget.id, _check_widget
        )
        self.themes: Shelf[ThemeSpec] = Shelf(
            "themes", ThemeSpec, "to be a ThemeSpec", _BY_NAME, _check_theme
        )
        self.reports: Shelf[Report] = Shelf(
            "reports", Report, "`name`, `title` and `run(question)`", _BY_NAME, _check_report
        )
        self.routes: Shelf[RouteSpec] = Shelf(
            "routes", RouteSpec, "to be a RouteSpec", _BY_NAME, _check_route, shared=False
        )
        self.messages: Shelf[MessageSpec] = Shelf(
            "messages", MessageSpec, "to be a MessageSpec", _BY_NAME, shared=False
        )
        self.commands: Shelf[CommandSpec] = Shelf(
            "commands", CommandSpec, "to be a CommandSpec", _BY_NAME, _check_command
        )
        self.metrics: Shelf[Metric] = Shelf(
            "metrics", Metric, "to be a Metric", _BY_NAME, _check_metric
        )

    def by_hook(self) -> dict[str, Shelf[Any]]:
        """Return the hook that fills each shelf, in the order they are called."""
        return {
            "monitor_register_decoders": self.decoders,
            "monitor_register_redactors": self.redactors,
            "monitor_register_enrichers": self.enrichers,
            "monitor_register_prices": self.prices,
            "monitor_register_analyzers": self.analyzers,
            "monitor_register_rules": self.rules,
            "monitor_register_sinks": self.sinks,
            "monitor_register_exporters": self.exporters,
            "monitor_register_importers": self.importers,
            "monitor_register_widgets": self.widgets,
            "monitor_register_themes": self.themes,
            "monitor_register_reports": self.reports,
            "monitor_register_routes": self.routes,
            "monitor_register_messages": self.messages,
            "monitor_register_commands": self.commands,
            "monitor_register_metrics": self.metrics,
            "monitor_register_chores": self.chores,
        }

    def _check_analyzer(self, analyzer: Analyzer) -> None:
        _check_kinds("analyzer", analyzer)
        topics = analyzer.topics
        if not isinstance(topics, tuple | list | frozenset | set):
            raise PluginError(f"topics of analyzer {analyzer.name!r} is no tuple of texts")
        for known in self.analyzers.contributions():
            if shared := set(known.item.topics) & set(topics):
                raise PluginError(
                    f"analyzer {analyzer.name!r} wants the topic {min(shared)!r}, "
                    f"which is kept by {known.item.name!r} of the plugin {known.plugin}"
                )


def _check_widget(widget: WidgetSpec) -> None:
    path = widget.static_dir / widget.module
    if not path.is_file():
        raise PluginError(f"widget {widget.id}: there is no {path}")
    if not isinstance(widget.draws, tuple | list):
        raise PluginError(f"widget {widget.id}: `draws` is no tuple of names")
    if widget.placement == "detail" and not widget.draws:
        raise PluginError(f"widget {widget.id} is a detail: `draws` must name what it draws")
    if widget.placement != "detail" and widget.draws:
        raise PluginError(
            f"widget {widget.id}: `draws` is for a detail, its placement is {widget.placement!r}"
        )
    for name in widget.draws:
        _check_drawn(widget, name)


def _check_drawn(widget: WidgetSpec, name: object) -> None:
    if not isinstance(name, str) or not name.removesuffix("*"):
        raise PluginError(f"widget {widget.id}: it cannot draw {name!r}, which names nothing")
    if "*" in name[:-1]:
        raise PluginError(f"widget {widget.id}: in {name!r}, a `*` may only be the last letter")


def _check_kinds(what: str, one: Enricher | Analyzer) -> None:
    kinds = getattr(one, "kinds", None)
    if kinds is not None and not isinstance(kinds, frozenset | set | tuple | list):
        raise PluginError(f"kinds of {what} {one.name!r} is no set of texts")


def _check_importer(importer: Importer) -> None:
    if importer.name == TRANSCRIPTS:
        raise PluginError(
            f"{importer.name!r} is taken: it stands for Claude Code's own transcripts"
        )
    suffixes: object = importer.suffixes
    if not isinstance(suffixes, tuple) or not all(isinstance(one, str) for one in suffixes):
        raise PluginError(f"suffixes of importer {importer.name!r} is no tuple of texts")


def _check_theme(theme: ThemeSpec) -> None:
    if not _THEME.fullmatch(theme.name):
        raise PluginError(f"theme {theme.name!r}: its name must be of a-z, 0-9, '-' and '.'")
    if theme.name in _OWN_THEMES:
        raise PluginError(f"theme {theme.name!r}: the page itself has one of that name")
    if not isinstance(theme.title, str) or not theme.title:
        raise PluginError(f"theme {theme.name}: its title is {theme.title!r}, a text was expected")
    if theme.scheme not in ("dark", "light"):
        raise PluginError(f"theme {theme.name}: its scheme is {theme.scheme!r}, not dark or light")
    if not isinstance(theme.tokens, Mapping):
        raise PluginError(f"theme {theme.name}: its tokens are no mapping of names to values")
    for token, value in theme.tokens.items():
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise PluginError(f"theme {theme.name}: {token!r} is no token such as '--bg'")
        if not isinstance(value, str) or not _TOKEN_VALUE.fullmatch(value):
            raise PluginError(f"theme {theme.name}: {token} cannot be {value!r}")


def _check_prices(book: PriceBook) -> None:
    parse_overrides({"models": book.models}, book.name)


def _check_report(report: Report) -> None:
    if not _REPORT.fullmatch(report.name):
        raise PluginError(f"report {report.name!r}: its name must be of a-z, 0-9, '-', '_' and '.'")


def _check_chore(chore: Chore) -> None:
    every: object = chore.every
    if not isinstance(every, int | float) or not 1 <= every <= threading.TIMEOUT_MAX:
        raise PluginError(f"chore {chore.name!r}: every is {every!r}, at least 1 (second)")
    if not callable(chore.run):
        raise PluginError(f"chore {chore.name!r}: run cannot be called")


def _check_command(command: CommandSpec) -> None:
    if not _COMMAND.fullmatch(command.name):
        raise PluginError(f"command {command.name!r}: its name must be of a-z, 0-9 and '-'")


def _check_metric(metric: Metric) -> None:
    if not _METRIC.fullmatch(metric.name):
        raise PluginError(f"metric {metric.name!r}: its name must be of a-z, 0-9 and '_'")
    if metric.label and not _METRIC.fullmatch(metric.label):
        raise PluginError(f"metric {metric.name}: label {metric.label!r} must be like a name")


def _check_route(route: RouteSpec) -> None:
    if route.path.startswith("/"):
        raise PluginError(f"route {route.path!r}: it is below its plugin's: no slash at its start")
    try:
        Map([PathRule(f"/{route.path}", endpoint="")])
    except (ValueError, LookupError) as error:
        raise PluginError(f"route {route.path!r} is no path: {error}") from None
