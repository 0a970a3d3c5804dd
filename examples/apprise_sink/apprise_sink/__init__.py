"""Alerts to Slack, Discord, the desktop or any other of apprise's hundred services.

In plugins.toml, with addresses as apprise writes them:

    [apprise_sink]
    urls = "slack://TokenA/TokenB/TokenC/#channel dbus://"
"""

from __future__ import annotations

from typing import Any

import apprise

from claude_mpm_monitor import Alert, Setting, Sink, hookimpl

KINDS = {
    "info": apprise.NotifyType.INFO,
    "warning": apprise.NotifyType.WARNING,
    "critical": apprise.NotifyType.FAILURE,
}


class AppriseSink:
    """Delivers each alert to all addresses. May wait for the network: sinks have their thread."""

    name = "apprise"

    def __init__(self, urls: list[str], resolved: bool) -> None:
        self._resolved = resolved
        self._services = apprise.Apprise()
        for url in urls:
            if not self._services.add(url):
                raise ValueError(f"apprise does not understand the address {url.split(':')[0]}:…")

    def deliver(self, alert: Alert) -> None:
        """Send it, or raise so that the page says that it could not be sent."""
        over = alert.state == "resolved"
        if over and not self._resolved:
            return
        sent = self._services.notify(
            title=f"Over: {alert.title}" if over else alert.title,
            body="\n".join(part for part in (alert.detail, alert.url) if part) or alert.rule,
            notify_type=apprise.NotifyType.SUCCESS if over else KINDS[alert.severity],
        )
        if not sent:
            raise RuntimeError("at least one service did not take the alert; apprise logged why")


@hookimpl
def monitor_register_settings() -> list[Setting]:
    """Where to, in plugins.toml under [apprise_sink]."""
    return [
        Setting(name="urls", default="", help="Addresses as apprise has them, spaces between."),
        Setting(name="resolved", default=True, help="Whether it is told when an alert is over."),
    ]


@hookimpl
def monitor_register_sinks(settings: Any) -> list[Sink]:
    """Nothing, as long as there is no address."""
    urls = settings.urls.split()
    return [AppriseSink(urls, settings.resolved)] if urls else []
