"""Usage objects as the API writes them, and as nobody should."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.pricing.usage import MOST, Usage

FIELDS = (
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "cache_creation",
    "server_tool_use",
    "speed",
    "inference_geo",
    "service_tier",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
TOKENS = st.integers(min_value=0, max_value=MOST)


def test_everything_the_api_says_is_read() -> None:
    found = Usage.parse(
        {
            "input_tokens": 1,
            "output_tokens": 2,
            "cache_creation_input_tokens": 7,
            "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4},
            "cache_read_input_tokens": 5,
            "server_tool_use": {"web_search_requests": 6, "web_fetch_requests": 9},
            "speed": "fast",
            "inference_geo": "us",
            "service_tier": "standard",
        }
    )

    assert found == Usage(
        input=1,
        output=2,
        cache_write_5m=3,
        cache_write_1h=4,
        cache_read=5,
        web_searches=6,
        speed="fast",
        inference_geo="us",
        service_tier="standard",
    )
    assert (found.prompt, found.total) == (13, 15)


def test_writes_without_a_division_are_five_minute_writes() -> None:
    assert Usage.parse({"cache_creation_input_tokens": 7}) == Usage(cache_write_5m=7)


def test_a_division_without_a_sum_is_taken_as_it_is() -> None:
    assert Usage.parse({"cache_creation": {"ephemeral_1h_input_tokens": 4}}) == Usage(
        cache_write_1h=4
    )


def test_the_sum_wins_over_a_division_that_does_not_add_up() -> None:
    """Claude Code's own `cost-state` prices the sum; see the transcripts of a compaction."""
    more = {"ephemeral_5m_input_tokens": 20557, "ephemeral_1h_input_tokens": 0}
    less = {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 300}

    assert Usage.parse({"cache_creation_input_tokens": 500, "cache_creation": more}) == Usage(
        cache_write_5m=500
    )
    assert Usage.parse({"cache_creation_input_tokens": 500, "cache_creation": less}) == Usage(
        cache_write_5m=200, cache_write_1h=300
    )


@given(JSON | st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_json_gives_counts_that_are_not_negative(value: Any) -> None:
    found = Usage.parse(value)

    assert found.input >= 0 <= found.output
    assert found.cache_write_5m >= 0 <= found.cache_write_1h
    assert found.cache_read >= 0 <= found.web_searches
    assert isinstance(found.speed, str)


@given(TOKENS, TOKENS, TOKENS)
def test_a_division_that_adds_up_is_kept(write_5m: int, write_1h: int, read: int) -> None:
    found = Usage.parse(
        {
            "cache_creation_input_tokens": write_5m + write_1h,
            "cache_creation": {
                "ephemeral_5m_input_tokens": write_5m,
                "ephemeral_1h_input_tokens": write_1h,
            },
            "cache_read_input_tokens": read,
        }
    )

    assert (found.cache_write_5m, found.cache_write_1h) == (write_5m, write_1h)
    assert found.prompt == write_5m + write_1h + read


@given(st.integers(min_value=MOST + 1))
def test_what_is_beyond_all_contexts_is_no_count(tokens: int) -> None:
    assert Usage.parse({"input_tokens": tokens, "output_tokens": 1}).total == 1
