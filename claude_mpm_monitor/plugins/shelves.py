"""Shelves: one for each kind of thing that plugins register, and what each kind must have."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.errors import PluginError
from claude_mpm_monitor.model.alert import Rule, Sink
from claude_mpm_monitor.model.analyzer import Analyzer
from claude_mpm_monitor.model.decoder import Decoder
from claude_mpm_monitor.model.enricher import Enricher
from claude_mpm_monitor.model.exporter import Exporter
from claude_mpm_monitor.model.prices import PriceBook
from claude_mpm_monitor.model.redactor import Redactor
from claude_mpm_monitor.model.widget import WidgetSpec
from claude_mpm_monitor.plugins.shelf import Shelf
from claude_mpm_monitor.pricing.overrides import parse_overrides


class Shelves:
    """Everything that plugins registered, by kind. Read only once the plugins are loaded."""

    def __init__(self) -> None:
        self.decoders: Shelf[Decoder] = Shelf(
            "decoders", Decoder, "`dialect` and `decode(raw)`", lambda decoder: decoder.dialect
        )
        self.redactors: Shelf[Redactor] = Shelf(
            "redactors", Redactor, "`name` and `redact(text)`", lambda redactor: redactor.name
        )
        self.enrichers: Shelf[Enricher] = Shelf(
            "enrichers", Enricher, "`name` and `enrich(event)`", lambda enricher: enricher.name
        )
        self.analyzers: Shelf[Analyzer] = Shelf(
            "analyzers",
            Analyzer,
            "`name`, `version`, `topics` and `apply(event, documents)`",
            lambda analyzer: analyzer.name,
            self._check_topics,
        )
        self.prices: Shelf[PriceBook] = Shelf(
            "prices", PriceBook, "to be a PriceBook", lambda book: book.name, _check_prices
        )
        self.rules: Shelf[Rule] = Shelf(
            "rules", Rule, "`name`, `topics` and `conditions(change)`", lambda rule: rule.name
        )
        self.sinks: Shelf[Sink] = Shelf(
            "sinks", Sink, "`name` and `deliver(alert)`", lambda sink: sink.name
        )
        self.exporters: Shelf[Exporter] = Shelf(
            "exporters",
            Exporter,
            "`name`, `suffix`, `media_type` and `export(recording, out)`",
            lambda exporter: exporter.name,
        )
        self.widgets: Shelf[WidgetSpec] = Shelf(
            "widgets", WidgetSpec, "to be a WidgetSpec", lambda widget: widget.id, _check_module
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
            "monitor_register_widgets": self.widgets,
        }

    def _check_topics(self, analyzer: Analyzer) -> None:
        topics = analyzer.topics
        if not isinstance(topics, tuple | list | frozenset | set):
            raise PluginError(f"topics of analyzer {analyzer.name!r} is no tuple of texts")
        for known in self.analyzers.contributions():
            if shared := set(known.item.topics) & set(topics):
                raise PluginError(
                    f"analyzer {analyzer.name!r} wants the topic {min(shared)!r}, "
                    f"which is kept by {known.item.name!r} of the plugin {known.plugin}"
                )


def _check_module(widget: WidgetSpec) -> None:
    path = widget.static_dir / widget.module
    if not path.is_file():
        raise PluginError(f"widget {widget.id}: there is no {path}")


def _check_prices(book: PriceBook) -> None:
    parse_overrides({"models": book.models}, book.name)
