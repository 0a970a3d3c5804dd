"""The kinds of secrets that are known by their looks.

Sources: what the issuers document of their formats, and the public rules of detect-secrets, with
which the tests compare. No pattern matches a quotation mark or a backslash, so that what is JSON
stays JSON.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class Place(Enum):
    """Where the hint of a kind stands in a text that has a secret of the kind.

    A long word is one of 20 and more of letters, digits, `_`, `-` and `.`.
    """

    START = "a long word begins with it"
    WITHIN = "in a long word"
    BEFORE = "right before a long word"
    ANYWHERE = "anywhere"


class Kind(NamedTuple):
    """One kind of secret. Where one is, one of the `hints` stands in such a `place`.

    Group 1 of the pattern, where it has one, is the secret; otherwise all of the match is.
    """

    name: str
    hints: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    place: Place


def _word(name: str, beginnings: str, pattern: str) -> Kind:
    return _kind(name, beginnings, _B + pattern, Place.START)


def _kind(name: str, hints: str, pattern: str, place: Place = Place.ANYWHERE) -> Kind:
    compiled = re.compile(pattern.encode())
    return Kind(name, tuple(hint.encode() for hint in hints.split(" ")), compiled, place)


#: Not within a longer word; the letter of a JSON escape, as in `\\n`, belongs to none.
_B = r"(?:(?<![A-Za-z0-9_\-])|(?<=\\[nrtbf]))"
_E = r"(?![A-Za-z0-9_\-])"

KINDS = (
    _kind(
        "private-key",
        "-----BEGIN",
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
        r"[^\"]{0,20000}?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----",
    ),
    _word("anthropic-key", "sk-ant-", r"sk-ant-[A-Za-z0-9_\-]{20,}"),
    _word("openai-key", "sk-", r"sk-(?!ant-)(?:proj-|svcacct-|admin-|or-v1-)?[A-Za-z0-9_\-]{20,}"),
    _word(
        "aws-key",
        "AKIA ASIA ABIA ACCA A3T",
        r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}" + _E,
    ),
    _word(
        "github-token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"(?:gh[pousr]_[A-Za-z0-9_]{36,}|github_pat_[A-Za-z0-9_]{22,})",
    ),
    _word(
        "gitlab-token",
        "glpat- gldt- glft- glsoat- glrt- glcbt- glimt- glptt- glagent- gloas- GR1348941",
        r"(?:gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-|GR1348941)[A-Za-z0-9_\-]{20,}",
    ),
    _word(
        "slack-token",
        "xoxa- xoxb- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xapp-",
        r"(?:xox[abeoprs][\-.][A-Za-z0-9\-]{10,}|xapp-[A-Za-z0-9\-]{20,})",
    ),
    _word("google-key", "AIza", r"AIza[0-9A-Za-z_\-]{35}"),
    _word(
        "google-token",
        "ya29. GOCSPX-",
        r"(?:ya29\.[0-9A-Za-z_\-]{20,}|GOCSPX-[0-9A-Za-z_\-]{20,})",
    ),
    _word(
        "stripe-key",
        "sk_live_ sk_test_ rk_live_ rk_test_ whsec_",
        r"(?:[sr]k_(?:live|test)_[0-9A-Za-z]{16,}|whsec_[0-9A-Za-z]{20,})",
    ),
    _word("npm-token", "npm_", r"npm_[A-Za-z0-9]{36,}"),
    _word("pypi-token", "pypi-Ag", r"pypi-Ag[A-Za-z0-9_\-]{50,}"),
    _word(
        "jwt",
        "eyJ",
        r"eyJ[A-Za-z0-9_\-=]{8,}\.eyJ[A-Za-z0-9_\-=]{8,}(?:\.[A-Za-z0-9_\-.+/=]*)?",
    ),
    _word("sendgrid-key", "SG.", r"SG\.[A-Za-z0-9_\-]{22}\.[A-Za-z0-9_\-]{43}"),
    _word("twilio-key", "SK", r"SK[0-9a-z]{32}" + _E),
    _word("mailgun-key", "key-", r"key-[0-9a-f]{32}" + _E),
    _word("square-token", "sq0", r"sq0[a-z]{3}-[0-9A-Za-z_\-]{22,}"),
    _word("shopify-token", "shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _word("digitalocean-token", "doo_v1_ dop_v1_ dor_v1_", r"do[opr]_v1_[a-f0-9]{64}"),
    _word("huggingface-token", "hf_", r"hf_[A-Za-z0-9]{30,}"),
    _word("groq-key", "gsk_", r"gsk_[A-Za-z0-9]{40,}"),
    _word("xai-key", "xai-", r"xai-[A-Za-z0-9]{40,}"),
    _word("replicate-token", "r8_", r"r8_[A-Za-z0-9]{37,}"),
    _word("databricks-token", "dapi", r"dapi[0-9a-f]{32}"),
    _word("linear-key", "lin_api_", r"lin_api_[A-Za-z0-9]{32,}"),
    _word("notion-token", "ntn_", r"ntn_[A-Za-z0-9]{40,}"),
    _word("artifactory-token", "AKC", r"AKC[a-zA-Z0-9]{60,}" + _E),
    _kind("telegram-token", "AA", _B + r"\d{8,10}:AA[0-9A-Za-z_\-]{33}" + _E, Place.START),
    _kind(
        "slack-webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows)/([A-Za-z0-9_/]{20,})",
    ),
    _kind("discord-webhook", "/api/webhooks/", r"/api/webhooks/(\d{10,}/[A-Za-z0-9_\-]{30,})"),
    _kind("mailchimp-key", "-us", _B + r"[0-9a-z]{32}-us[0-9]{1,2}" + _E, Place.WITHIN),
    _kind("npm-token", "_authToken=", r"_authToken=([A-Za-z0-9_\-]{20,})", Place.BEFORE),
    _kind("azure-storage-key", "AccountKey=", r"AccountKey=([A-Za-z0-9+/=]{80,})"),
    # Of what it has to have, what is rarest and found fastest.
    _kind("password-in-url", "@", r"://[^\s:@/\"\\]{1,100}:([^\s:@/\"\\\[]{3,200})@"),
    _kind("bearer-token", "earer", r"[Bb]earer\s+([A-Za-z0-9._~+/=\-]{20,})"),
)

#: What calls itself a secret, in lower case, each with what one of has to stand right before it.
ASSIGNED_WORDS = {
    **dict.fromkeys((b"secret", b"token", b"passw", b"pwd", b"credential"), (b"",)),
    b"key": (b"api", b"api_", b"api-", b"access", b"access_"),
}
#: What follows such a word where a value is given to it: in an environment, a file, or JSON.
ASSIGNED = re.compile(
    rb"[A-Za-z0-9_]{0,24}(?:\\?[\"'])?\s{0,4}(?:=>|:=|[=:])\s{0,4}(?:\\?[\"'])?"
    rb"([A-Za-z0-9+/_\-~!@#$%^&*]{12,200}={0,2})"
)
