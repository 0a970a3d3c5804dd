"""Alerts by mail, many in one: every so many minutes, if there were any.

[mail_digest]
to = "me@example.org"
host = "localhost"
minutes = 15

`mpm-monitor mail-test` sends a mail by these settings, and /metrics tells how many alerts wait.
"""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from claude_mpm_monitor import (
    Alert,
    Chore,
    ChoreCall,
    CommandSpec,
    Metric,
    Setting,
    Sink,
    hookimpl,
)

SECONDS = 20


class DigestSink:
    """Collects alerts and mails them together. `deliver` on a thread of its own, `send` on any."""

    name = "mail_digest"

    def __init__(self, settings: Any) -> None:
        self._settings = settings
        self._sending = threading.Lock()
        self._waiting: list[Alert] = []

    def deliver(self, alert: Alert) -> None:
        """Keep the alert for the next mail."""
        self._waiting.append(alert)

    def waiting(self) -> list[Alert]:
        """Return the alerts the next mail will hold."""
        return list(self._waiting)

    def send(self, _call: ChoreCall | None = None) -> None:
        """Mail what waits; when that fails it goes on waiting. Also when the monitor stops."""
        with self._sending:
            alerts = self.waiting()
            if not alerts:
                return
            firing = sum(alert.state == "firing" for alert in alerts)
            subject = f"Claude: {firing} alerts, {len(alerts) - firing} over"
            send(self._settings, subject, [_text(alert) for alert in alerts])
            del self._waiting[: len(alerts)]


def send(settings: Any, subject: str, paragraphs: Sequence[str]) -> None:
    """Send one mail; raises OSError or SMTPException when that cannot be done."""
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = settings.sender or settings.to
    mail["To"] = settings.to
    mail.set_content("\n\n".join(paragraphs))
    with smtplib.SMTP(settings.host, settings.port, timeout=SECONDS) as smtp:
        smtp.send_message(mail)


def mail_test(settings: Any) -> Any:
    """Return the command that tries the settings out."""
    import click

    @click.command("mail-test", short_help="Send a mail by the settings of mail_digest.")
    def command() -> None:
        if not settings.to:
            raise click.ClickException("plugins.toml says nothing of [mail_digest], to = …")
        try:
            send(settings, "Claude: a test", ["Alerts will come like this."])
        except (OSError, smtplib.SMTPException) as error:
            raise click.ClickException(f"{settings.host} takes no mail: {error}") from error
        click.echo(f"{settings.host} has taken a mail to {settings.to}.")

    return command


def _text(alert: Alert) -> str:
    at = datetime.fromtimestamp(alert.at / 1e6, UTC).astimezone()
    state = "over" if alert.state == "resolved" else alert.severity
    lines = [f"{at:%H:%M} {state}: {alert.title}", alert.detail, alert.url]
    return "\n".join(line for line in lines if line)


class MailDigest:
    """The plugin as an object, since it has something to remember: its sink."""

    def __init__(self) -> None:
        self._sink: DigestSink | None = None

    @hookimpl
    def monitor_register_settings(self) -> list[Setting]:
        """Where to, in plugins.toml under [mail_digest]."""
        return [
            Setting(name="to", default="", help="Who gets the mail; empty: nobody."),
            Setting(name="sender", default="", help="Whom it is from; empty: who gets it."),
            Setting(name="host", default="localhost", help="The mail server."),
            Setting(name="port", default=25, minimum=1, maximum=65_535, help="Its port."),
            Setting(name="minutes", default=15.0, minimum=0, help="How long alerts are collected."),
        ]

    @hookimpl
    def monitor_register_sinks(self, settings: Any) -> list[Sink]:
        """Nothing, as long as nobody is to get mail."""
        if not settings.to:
            return []
        self._sink = DigestSink(settings)
        return [self._sink]

    @hookimpl
    def monitor_register_chores(self, settings: Any) -> list[Chore]:
        """Have the mail sent. Chores are registered after sinks."""
        if self._sink is None:
            return []
        return [Chore(name="mail", every=max(1.0, settings.minutes * 60), run=self._sink.send)]

    @hookimpl
    def monitor_register_commands(self, settings: Any) -> list[CommandSpec]:
        """Let the user see whether it works before the first alert."""
        return [CommandSpec(name="mail-test", load=lambda: mail_test(settings))]

    @hookimpl
    def monitor_register_metrics(self) -> list[Metric]:
        """Where mails fail, this rises."""
        told = "Alerts that the next mail will hold."
        return [Metric(name="waiting_alerts", help=told, read=lambda _: len(self.waiting))]

    @property
    def waiting(self) -> list[Alert]:
        """The alerts the next mail will hold."""
        return [] if self._sink is None else self._sink.waiting()

    @hookimpl
    def monitor_stopping(self) -> None:
        """What was collected is not lost."""
        if self._sink is not None:
            self._sink.send()


plugin = MailDigest()
