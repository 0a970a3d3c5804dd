"""The sinks that are always there: the log, and a webhook where one is set."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec
import structlog

from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.model.alert import Alert

WEBHOOK_SECONDS = 10.0


class LogSink:
    """Writes alerts into the monitor's log."""

    name = "log"

    def __init__(self, log: structlog.typing.FilteringBoundLogger) -> None:
        self._log = log

    def deliver(self, alert: Alert) -> None:
        """Write one line."""
        self._log.warning("alert", **msgspec.to_builtins(alert))


class WebhookSink:
    """Posts alerts as JSON to an address of the user's. Raises ConfigError when it is none."""

    name = "webhook"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"webhook_url is {url!r}: an http or https address was expected")
        self._url = url
        self._opener = build_opener(_NoRedirects)

    def deliver(self, alert: Alert) -> None:
        """Post one alert; raises OSError when it was not taken."""
        request = Request(
            self._url,
            data=msgspec.json.encode(alert),
            headers={"Content-Type": "application/json", "User-Agent": "claude-mpm-monitor"},
        )
        with self._opener.open(request, timeout=WEBHOOK_SECONDS):
            pass


class _NoRedirects(HTTPRedirectHandler):
    """What the user named gets the alert, and nobody it points to."""

    def redirect_request(self, *arguments: Any, **named: Any) -> None:
        return None
