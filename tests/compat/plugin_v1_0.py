"""A plugin as it was written for plugin API 1.0: it uses every hook there was. Never change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from claude_mpm_monitor import (
    Alert,
    Condition,
    Config,
    Documents,
    Event,
    Monitor,
    PriceBook,
    Raw,
    Recording,
    Setting,
    WidgetSpec,
    hookimpl,
)

MONITOR_API_VERSION = (1, 0)
#: What was called, in order.
CALLED: list[str] = []


class Decoder:
    dialect = "frozen"

    def decode(self, raw: Raw) -> list[Event]:
        return [
            Event(kind="Frozen", session_id="f", at=raw.at, source=raw.source, payload=raw.body)
        ]


class Redactor:
    name = "frozen"

    def redact(self, text: bytes) -> tuple[bytes, dict[str, int]]:
        return text.replace(b"hush", b"****"), {"frozen": text.count(b"hush")}


class Enricher:
    name = "frozen"

    def enrich(self, event: Event) -> Event:
        CALLED.append("enrich")
        return event


class Analyzer:
    name = "frozen"
    version = 1
    topics = ("frozen",)
    kinds = frozenset({"Frozen"})

    def __init__(self, step: int) -> None:
        self.step = step

    def apply(self, event: Event, documents: Documents) -> None:
        known = documents.get("frozen", "all") or {"n": 0}
        known["n"] += self.step
        known["text"] = event.data()["text"]
        documents.put("frozen", "all", known, session_id=event.session_id)

    def settle(self, documents: Documents) -> None:
        CALLED.append("settle")


class Rule:
    name = "frozen"
    topics = ("frozen",)

    def conditions(self, change: Any) -> list[Condition]:
        return [Condition(key="all", holds=change.value["n"] > 0, since=change.at, title="Frozen")]


class Sink:
    name = "frozen"

    def deliver(self, alert: Alert) -> None:
        CALLED.append(f"deliver {alert.rule} {alert.state}")


class Exporter:
    name = "frozen"
    suffix = ".txt"
    media_type = "text/plain"

    def export(self, recording: Recording, out: BinaryIO) -> None:
        out.write(f"{sum(1 for _ in recording.events())} events".encode())


@hookimpl
def monitor_register_settings() -> list[Setting]:
    return [Setting(name="step", default=2, minimum=1, help="How far to count.")]


@hookimpl
def monitor_register_decoders(config: Config) -> list[Any]:
    return [Decoder()]


@hookimpl
def monitor_register_redactors() -> list[Any]:
    return [Redactor()]


@hookimpl
def monitor_register_enrichers() -> list[Any]:
    return [Enricher()]


@hookimpl
def monitor_register_analyzers(settings: Any, prices: Any) -> list[Any]:
    return [Analyzer(settings.step)]


@hookimpl
def monitor_register_prices() -> list[PriceBook]:
    return [
        PriceBook(name="frozen", models={"frozen-1": {"input": 1, "output": 2, "cache_read": 3}})
    ]


@hookimpl
def monitor_register_rules(config: Config, settings: Any) -> list[Any]:
    return [Rule()]


@hookimpl
def monitor_register_sinks() -> list[Any]:
    return [Sink()]


@hookimpl
def monitor_register_exporters() -> list[Any]:
    return [Exporter()]


@hookimpl
def monitor_register_widgets(config: Config) -> list[WidgetSpec]:
    (config.home / "frozen.js").write_text("export default class extends HTMLElement {}")
    return [WidgetSpec(id="frozen.one", title="Frozen", module="frozen.js", static_dir=config.home)]


@hookimpl
def monitor_started(monitor: Monitor) -> None:
    CALLED.append("started")


@hookimpl
def monitor_stopping(monitor: Monitor) -> None:
    CALLED.append("stopping")


@hookimpl
def monitor_run_starting(run: Any) -> None:
    CALLED.append(f"run starting in {Path(run.directory).name}")


@hookimpl
def monitor_server_chosen(run: Any, url: str) -> None:
    CALLED.append(f"server {url}")


@hookimpl
def monitor_claude_launching(run: Any, launch: Any) -> None:
    launch.environment["FROZEN"] = "1"


@hookimpl
def monitor_claude_exited(run: Any, exit_code: int) -> None:
    CALLED.append(f"exited {exit_code}")


@hookimpl
def monitor_run_ended(run: Any, exit_code: int) -> None:
    CALLED.append(f"ended {exit_code}")
