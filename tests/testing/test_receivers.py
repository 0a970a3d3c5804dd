"""Receivers keep what real clients send."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from urllib.request import Request, urlopen

import pytest

from claude_mpm_monitor.testing import HttpReceiver, SmtpReceiver


def test_an_http_request_is_kept_whole() -> None:
    with HttpReceiver(status=202) as receiver:
        request = Request(f"{receiver.url}/v1/traces", b'{"a": 1}', {"X-Key": "k"})
        with urlopen(request, timeout=5) as answer:
            assert answer.status == 202
        came = receiver.next()

    assert (came.method, came.path, came.json()) == ("POST", "/v1/traces", {"a": 1})
    assert came.headers["x-key"] == "k"


def test_a_mail_is_kept_with_whom_it_is_for() -> None:
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "Digest", "a@example.org"
    mail.set_content("One\n.\n..two\n")
    with SmtpReceiver() as receiver, smtplib.SMTP("127.0.0.1", receiver.port, timeout=5) as smtp:
        smtp.send_message(mail, "me@example.org", ["a@example.org", "b@example.org"])
        came = receiver.next()

    assert (came.sender, came.recipients) == ("me@example.org", ["a@example.org", "b@example.org"])
    assert came.message["Subject"] == "Digest"
    assert came.message.get_payload(decode=True).splitlines() == [b"One", b".", b"..two"]


def test_what_never_comes_fails_the_test_that_waits_for_it() -> None:
    with HttpReceiver() as receiver, pytest.raises(AssertionError, match="nothing came"):
        receiver.next(seconds=0.01)
