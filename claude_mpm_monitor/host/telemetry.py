"""Claude Code's own telemetry, switched on for one start of claude and sent to this monitor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.host import settings

_SIGNALS = ("METRICS", "LOGS", "TRACES")
#: Whoever has set one of these, or any that begins so, sends telemetry somewhere else already.
_USERS = (
    "CLAUDE_CODE_ENABLE_TELEMETRY",
    "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA",
    "OTEL_EXPORTER_OTLP_",
    *(f"OTEL_{signal}_EXPORTER" for signal in _SIGNALS),
)
#: Milliseconds between exports: a figure that is a minute old is not live.
_INTERVALS = {
    "OTEL_METRIC_EXPORT_INTERVAL": "5000",
    "OTEL_LOGS_EXPORT_INTERVAL": "1000",
    "OTEL_TRACES_EXPORT_INTERVAL": "1000",
}


def variables(ingest_url: str) -> dict[str, str]:
    """What to add to claude's environment so that it reports to `ingest_url`."""
    return {
        "CLAUDE_CODE_ENABLE_TELEMETRY": "1",
        "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA": "1",
        **{f"OTEL_{signal}_EXPORTER": "otlp" for signal in _SIGNALS},
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json",
        "OTEL_EXPORTER_OTLP_ENDPOINT": ingest_url,
        **_INTERVALS,
    }


def add_to(environment: dict[str, str], ingest_url: str) -> None:
    """Add the variables, those of the user's own intervals left as they are."""
    environment.update({**variables(ingest_url), **_kept(environment)})


def users_own(
    environment: Mapping[str, str], command: list[str], others: Iterable[dict[str, Any]]
) -> str:
    """The name of a variable by which the user sends telemetry themselves, "" when there is none.

    :param others: the settings Claude Code reads besides, which may set variables, too.
    """
    for names in (environment, *map(_set_by, [*_of_command(command), *others])):
        for name in names:
            if name.startswith(_USERS):
                return name
    return ""


def _kept(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment[name] for name in _INTERVALS if name in environment}


def _of_command(command: list[str]) -> list[dict[str, Any]]:
    option = settings.find_option(command)
    try:
        return [settings.read_settings(option.value)] if option else []
    except ConfigError:
        return []  # for claude to complain about


def _set_by(content: dict[str, Any]) -> list[str]:
    told = content.get("env")
    return [str(name) for name in told] if isinstance(told, dict) else []
