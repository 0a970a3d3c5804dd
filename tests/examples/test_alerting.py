"""The examples about alerts, from what happens in a session to what arrives."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from testkit.waiting import eventually
from testkit.wire import get

from claude_mpm_monitor import Alert, Monitor
from claude_mpm_monitor.testing import (
    HttpReceiver,
    Session,
    SmtpReceiver,
    check_analyzer,
    recorded,
)

Load = Callable[[str], ModuleType]
Start = Callable[..., Monitor]
COMMAND = {"command": "pytest -q"}
#: It imports a module that Python 3.13 has no longer, and has another for that case.
APPRISE_WARNS = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def alert(**fields: Any) -> Alert:
    now = time.time_ns() // 1_000
    told = {"rule": "r", "key": "k", "state": "firing", "since": now, "at": now, "title": "T"}
    return Alert(**{**told, **fields})


def test_a_command_that_keeps_failing_is_an_alert(example: Load, start_monitor: Start) -> None:
    with HttpReceiver() as receiver:
        settings = {"builtin": {"webhook_url": receiver.url}, "retry_alarm": {"failures": 4}}
        monitor = start_monitor([example("retry_alarm")], settings)
        recorded("loop").tell(monitor)
        came = [receiver.next().json()]
        while came[-1]["rule"] != "retries":
            came.append(receiver.next().json())

    # What comes at once is looked at once: it may have failed more often by then.
    assert re.fullmatch(r"Failed [4-8] times: pytest -q tests/test_price\.py", came[-1]["title"])


def test_edits_in_between_do_not_hide_the_retries_and_success_ends_them(example: Load) -> None:
    plugin = example("retry_alarm")
    session = Session("s").start().prompt("Mend it").failing("Bash", COMMAND)
    session.tool("Read", {"file_path": "a"}).failing("Bash", COMMAND)
    documents = check_analyzer(plugin.Retries(), session.events())
    assert documents.all("retries")["s/"]["failures"] == 2

    session.tool("Bash", COMMAND)
    documents = check_analyzer(plugin.Retries(), session.events())
    assert documents.all("retries")["s/"]["failures"] == 0


@APPRISE_WARNS
def test_an_alert_reaches_a_service_of_apprise(example: Load) -> None:
    plugin = example("apprise_sink")
    with HttpReceiver() as receiver:
        sink = plugin.AppriseSink([f"json://127.0.0.1:{receiver.port}/hook"], resolved=True)
        sink.deliver(alert(title="Waits for you", severity="critical", detail="make"))
        sink.deliver(alert(title="Waits for you", state="resolved"))
        first, second = receiver.next().json(), receiver.next().json()

    assert (first["title"], first["type"]) == ("Waits for you", "failure")
    assert (second["title"], second["type"]) == ("Over: Waits for you", "success")


@APPRISE_WARNS
def test_an_address_that_is_none_is_named_without_its_secrets(
    example: Load, start_monitor: Start
) -> None:
    plugin = example("apprise_sink")
    monitor = start_monitor([], {"apprise_sink": {"urls": "nonsense://user:secret@host"}})
    monitor.close()
    with Monitor(home=monitor.config.home, port=0, plugins=[plugin]) as again:
        (state,) = [s for s in again.plugins.states() if s["name"] == "apprise_sink"]

    assert "nonsense:" in state["error"]
    assert "secret" not in state["error"]


def test_alerts_come_in_one_mail(example: Load, start_monitor: Start) -> None:
    plugin = example("mail_digest").MailDigest()
    with SmtpReceiver() as receiver:
        mail = {"to": "me@example.org", "host": "127.0.0.1", "port": receiver.port}
        settings = {"mail_digest": mail, "MailDigest": mail, "builtin": {"waiting_seconds": 0.0}}
        monitor = start_monitor([plugin], settings)
        for _ in range(2):
            recorded("waiting").tell(monitor)
        eventually(lambda: len(plugin.waiting) == 2)
        monitor.close()
        came = receiver.next()

    assert came.recipients == ["me@example.org"]
    assert came.message["Subject"] == "Claude: 2 alerts, 0 over"
    assert came.message.get_content().count("Waits for a permission for Bash") == 2


def test_alerts_are_mailed_while_the_monitor_runs(example: Load, start_monitor: Start) -> None:
    plugin = example("mail_digest").MailDigest()
    with SmtpReceiver() as receiver:
        mail = {"to": "me@example.org", "host": "127.0.0.1", "port": receiver.port, "minutes": 0.0}
        settings = {"mail_digest": mail, "MailDigest": mail, "builtin": {"waiting_seconds": 0.0}}
        recorded("waiting").tell(start_monitor([plugin], settings))
        came = receiver.next()

    assert came.message["Subject"] == "Claude: 1 alerts, 0 over"
    eventually(lambda: plugin.waiting == [])


def test_alerts_that_wait_for_a_mail_are_a_metric(example: Load, start_monitor: Start) -> None:
    plugin = example("mail_digest").MailDigest()
    mail = {"to": "me@example.org", "host": "127.0.0.1", "port": 1}
    settings = {"mail_digest": mail, "MailDigest": mail, "builtin": {"waiting_seconds": 0.0}}
    monitor = start_monitor([plugin], settings)
    recorded("waiting").tell(monitor)
    eventually(lambda: len(plugin.waiting) == 1)

    assert b"mpm_MailDigest_waiting_alerts 1\n" in get(monitor.port, "/metrics").body


def test_the_settings_for_mails_are_tried_out_by_a_command(example: Load) -> None:
    plugin = example("mail_digest")
    with SmtpReceiver() as receiver:
        settings = SimpleNamespace(
            to="me@example.org", sender="", host="127.0.0.1", port=receiver.port
        )
        done = CliRunner().invoke(plugin.mail_test(settings))
        came = receiver.next()
    settings.port = 1
    refused = CliRunner().invoke(plugin.mail_test(settings))
    settings.to = ""
    nobody = CliRunner().invoke(plugin.mail_test(settings))

    assert done.output == "127.0.0.1 has taken a mail to me@example.org.\n"
    assert came.message["Subject"] == "Claude: a test"
    assert refused.output.startswith("Error: 127.0.0.1 takes no mail: ")
    assert nobody.output.startswith("Error: plugins.toml says nothing of [mail_digest]")
    assert {refused.exit_code, nobody.exit_code} == {1}


def test_what_cannot_be_mailed_waits_for_the_next_time(example: Load) -> None:
    nobody = SimpleNamespace(to="me@example.org", sender="", host="127.0.0.1", port=1)
    sink = example("mail_digest").DigestSink(nobody)
    sink.deliver(alert())

    with pytest.raises(ConnectionRefusedError):
        sink.send()
    assert len(sink.waiting()) == 1
