"""Secrets are hidden, and nothing else."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from hypothesis import given
from hypothesis import strategies as st
from testkit.payloads import Talk, body

from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.ingest.redact import SecretRedactor

REDACTOR = SecretRedactor()
#: Kinds of detect-secrets whose secrets are told by their own looks, and which of its patterns.
COMPARED = {
    "AWS Access Key": [0],
    "Azure Storage Account access key": [0],
    "GitHub Token": [0],
    "GitLab Token": [0, 1, 2, 3, 4, 5, 6],
    "Mailchimp Access Key": [0],
    "OpenAI Token": [0],
    "PyPI Token": [0, 1],
    "SendGrid API Key": [0],
    "Stripe Access Key": [0],
    "Twilio API Key": [1],
}
PUBLIC = get_mapping_from_secret_type_to_class()


def drawn(alphabet: str, length: int) -> str:
    """Letters as if drawn by lot. Put together here: no secret stands in this file."""
    return "".join(alphabet[(i * 7919 + i * i * 31) % len(alphabet)] for i in range(1, length + 1))


HEX = "0123456789abcdef"
WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
DIGITS = "0123456789"
SECRETS = {
    "anthropic-key": "sk-ant-" + "api03-" + drawn(WORD, 80),
    "openai-key": "sk-" + "proj-" + drawn(WORD, 60),
    "github-token": "github" + "_pat_" + drawn(WORD, 60),
    "slack-token": "xox" + "b-" + drawn(DIGITS, 12) + "-" + drawn(WORD, 24),
    "google-key": "AI" + "za" + drawn(WORD, 35),
    "google-token": "GOCSPX" + "-" + drawn(WORD, 28),
    "stripe-key": "whsec" + "_" + drawn(WORD, 32),
    "npm-token": "npm" + "_" + drawn(WORD, 36),
    "jwt": "eyJ" + drawn(WORD, 30) + ".eyJ" + drawn(WORD, 60) + "." + drawn(WORD, 40),
    "mailgun-key": "key" + "-" + drawn(HEX, 32),
    "square-token": "sq0" + "csp-" + drawn(WORD, 43),
    "shopify-token": "shp" + "at_" + drawn(HEX, 32),
    "telegram-token": drawn(DIGITS, 10) + ":AA" + drawn(WORD, 33),
    "digitalocean-token": "dop" + "_v1_" + drawn(HEX, 64),
    "huggingface-token": "hf" + "_" + drawn(WORD, 34),
    "groq-key": "gsk" + "_" + drawn(WORD, 52),
    "xai-key": "xai" + "-" + drawn(WORD, 80),
    "replicate-token": "r8" + "_" + drawn(WORD, 37),
    "databricks-token": "dapi" + drawn(HEX, 32),
    "linear-key": "lin_api" + "_" + drawn(WORD, 40),
    "notion-token": "ntn" + "_" + drawn(WORD, 46),
    "artifactory-token": "AKC" + drawn(WORD, 64),
}
HARMLESS = [
    "sha256:" + drawn(HEX, 64),
    "commit " + drawn(HEX, 40),
    "123e4567-e89b-42d3-a456-426614174000",
    "toolu_01" + drawn(WORD, 22),
    "data:image/png;base64," + drawn(WORD + "+/", 400),
    "password = os.environ['DATABASE_PASSWORD_2']",
    "def reset_password(self, token: str, new_password: str) -> None:",
    '"output_tokens":16384000000000,"max_tokens":128000000000',
    "SECRET_KEY = settings.SECRET_KEY_2",
    "token=$GITHUB_TOKEN",
    "TOKEN_LIMIT: 1_000_000_000_000",
    "the secret: it is never told twice",
    "https://user@host:8765/path and http://localhost:8765/dashboard",
    "task-force-of-the-risk-averse-disk-jockeys",
    "tests/search/test_search.py::test_password_is_hidden",
]


def redacted(text: str) -> tuple[str, dict[str, int]]:
    """Redact the text as it stands in a payload; what comes out is JSON and stays as it is."""
    payload = json.dumps({"tool_response": {"stdout": text}}).encode()
    hidden_in, hidden = REDACTOR.redact(payload)
    assert REDACTOR.redact(hidden_in) == (hidden_in, {})
    return json.loads(hidden_in)["tool_response"]["stdout"], dict(hidden)


def test_the_samples_are_of_every_kind_that_is_a_word() -> None:
    from claude_mpm_monitor.ingest.secret_kinds import KINDS, Place

    words = {kind.name for kind in KINDS if kind.place is Place.START}

    assert words - set(SECRETS) == {
        *("aws-key", "gitlab-token", "pypi-token", "sendgrid-key", "twilio-key"),  # compared below
    }


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("around", ["{}", "export X={}\n", "line\n{}\nnext", "('{}')", "a: {} b"])
def test_a_secret_of_a_known_kind_is_hidden(kind: str, around: str) -> None:
    text, hidden = redacted(around.format(SECRETS[kind]))

    assert text == around.format(f"[redacted:{kind}]")
    assert hidden == {kind: 1}


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        (name, PUBLIC[name].denylist[number])  # type: ignore[attr-defined]
        for name, numbers in COMPARED.items()
        for number in numbers
    ],
)
@given(data=st.data())
def test_what_public_rules_find_is_hidden(
    name: str, pattern: re.Pattern[str], data: st.DataObject
) -> None:
    plain = re.compile(pattern.pattern.replace(r"(?!\w)", ""), re.ASCII)
    secret = data.draw(st.from_regex(plain, fullmatch=True))

    text, hidden = redacted(f"X={secret} ")

    assert hidden
    assert secret not in text


def test_a_private_key_goes_as_a_whole() -> None:
    lines = "\n".join(drawn(WORD, 64) for _ in range(20))
    key = f"-----BEGIN {'RSA PRIVATE'} KEY-----\n{lines}\n-----END {'RSA PRIVATE'} KEY-----"

    text, hidden = redacted(f"before\n{key}\nafter")

    assert text == "before\n[redacted:private-key]\nafter"
    assert hidden == {"private-key": 1}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"DB_PASSWORD={drawn(WORD, 20)}", "DB_PASSWORD=[redacted:assigned-secret]"),
        (f'"api_key": "{drawn(WORD, 32)}"', '"api_key": "[redacted:assigned-secret]"'),
        (f"client-secret := '{drawn(WORD, 24)}'", "client-secret := '[redacted:assigned-secret]'"),
        (
            f"hooks.slack.com/services/T{drawn(WORD, 8)}/B{drawn(WORD, 8)}/{drawn(WORD, 24)}",
            "hooks.slack.com/services/[redacted:slack-webhook]",
        ),
        ("postgres://me:hunter2@db/x", "postgres://me:[redacted:password-in-url]@db/x"),
        (
            f"Authorization: Bearer {drawn(WORD, 40)}",
            "Authorization: Bearer [redacted:bearer-token]",
        ),
    ],
)
def test_a_value_that_calls_itself_a_secret_is_hidden(text: str, shown: str) -> None:
    assert redacted(text)[0] == shown


def test_a_secret_in_json_in_json_is_hidden_and_both_stay_json() -> None:
    inner = json.dumps({"password": drawn(WORD, 20), "n": 1})

    text, _ = redacted(inner)

    assert json.loads(text) == {"password": "[redacted:assigned-secret]", "n": 1}


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == (text, {})


@given(st.text(max_size=200), st.sampled_from(sorted(SECRETS.values())), st.text(max_size=200))
def test_json_stays_json_whatever_is_around(before: str, secret: str, after: str) -> None:
    redacted(f"{before} {secret} {after}")


def test_what_the_user_names_is_hidden_and_what_the_user_leaves_is_left() -> None:
    mine = SecretRedactor(also="corp-[0-9]+", never="^AIza")

    text, hidden = mine.redact(f"corp-4711 and {SECRETS['google-key']}".encode())

    assert text.decode() == f"[redacted:named-by-you] and {SECRETS['google-key']}"
    assert hidden == {"named-by-you": 1}


@pytest.mark.parametrize("pattern", ["(", "x*"])
def test_an_expression_that_is_none_or_fits_everything_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match="redact_also"):
        SecretRedactor(also=pattern)


def test_a_large_payload_takes_time_in_proportion() -> None:
    small = body(Talk().post("u", response={"stdout": "secret = key_ " * 700}))
    large = body(Talk().post("u", response={"stdout": "secret = key_ " * 70_000}))

    def seconds(payload: bytes) -> float:
        started = time.process_time()
        REDACTOR.redact(payload)
        return time.process_time() - started

    fastest: Any = min(seconds(small) for _ in range(5))
    assert min(seconds(large) for _ in range(3)) < 400 * fastest
