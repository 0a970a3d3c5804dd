"""Payloads are stored smaller and come back as they were."""

from __future__ import annotations

import json
from hashlib import blake2b
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st
from testkit.payloads import Talk, body

from claude_mpm_monitor.storage.packing import SHORTEST, pack, unpack

#: What has been released is needed for ever, to the bit.
DIGESTS = {1: "58c83961ac2454ab", 2: "9967a0bc5140f594"}


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 50))
def test_any_text_comes_back(text: str, times: int) -> None:
    payload = (text * times).encode()

    assert unpack(pack(payload)) == payload


def test_a_hooks_payload_gets_much_smaller() -> None:
    payload = body(Talk().post("toolu_01abc", command="make test"))

    packed = pack(payload)

    assert isinstance(packed, bytes)
    assert len(packed) < len(payload) / 2


def test_what_does_not_get_smaller_stays_as_it_is() -> None:
    short = json.dumps({"a": "x" * (SHORTEST - 20)}).encode()
    noise = "".join(chr(0x4E00 + (i * 7919) % 20_000) for i in range(200)).encode()

    assert pack(short) == short.decode()
    assert len(pack(noise)) <= len(noise)


def test_released_dictionaries_are_never_changed() -> None:
    for number, digest in DIGESTS.items():
        content = files("claude_mpm_monitor.storage").joinpath(f"dictionary_{number}.bin")
        assert blake2b(content.read_bytes(), digest_size=8).hexdigest() == digest
