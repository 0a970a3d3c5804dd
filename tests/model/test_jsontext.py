"""JSON as it really comes."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.model.jsontext import MAX_DEPTH, canonical, loads

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@given(json_values)
def test_what_is_json_is_read_as_python_reads_it(value: Any) -> None:
    assert loads(json.dumps(value).encode()) == value


@given(st.binary())
def test_bytes_are_json_or_a_value_error(body: bytes) -> None:
    with contextlib.suppress(ValueError):
        loads(body)


@given(st.text(st.characters(codec=None), max_size=20))
def test_half_an_emoji_is_read_with_a_question_mark(text: str) -> None:
    read = loads(json.dumps({"text": text}).encode())["text"]

    assert read == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") or "?" in read
    read.encode()


def test_bytes_that_are_half_a_character_are_refused_even_beside_a_half_escape() -> None:
    with pytest.raises(ValueError, match="not JSON"):
        loads(b'{"a": "\\ud83d", "b": "\xed\xa0\x80"}')


def test_other_encodings_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON"):
        loads('"\\ud83d"'.encode("utf-16"))


def test_nesting_that_is_deep_but_sane_is_read() -> None:
    loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 900, 100_000])
def test_nesting_that_would_break_a_writer_later_is_refused_now(depth: int) -> None:
    with pytest.raises(ValueError, match="not JSON"):
        loads(b'{"a":' * depth + b"1" + b"}" * depth)


def test_many_brackets_side_by_side_are_no_nesting() -> None:
    assert len(loads(b"[" + b",".join([b"[]"] * 10_000) + b"]")) == 10_000


def test_whole_numbers_beyond_64_bits_keep_every_digit() -> None:
    assert canonical(b'{"n": 123456789012345678901234567890}') == (
        b'{"n":123456789012345678901234567890}'
    )


@pytest.mark.parametrize("text", [b"1e999", b"NaN", b"-Infinity", b"1" * 5_000])
def test_numbers_that_are_none_are_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="not JSON"):
        loads(text)


@given(json_values)
def test_canonical_text_is_indifferent_to_key_order_and_white_space(value: Any) -> None:
    loose = json.dumps(value, indent=3).encode()
    tight = json.dumps(loads(loose), separators=(",", ":"), sort_keys=True).encode()

    assert canonical(loose) == canonical(tight)
    assert loads(canonical(loose)) == value
