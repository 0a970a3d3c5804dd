"""Usage: the tokens of one call, out of the API's own `usage` object."""

from __future__ import annotations

from typing import Any

import msgspec

#: Ten times what the largest context of today has: more than this is no count of one call. What it
#: would cost, added up over all calls, has to be a number that a store can keep (64 bits).
MOST = 10**8


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What one API call used, in tokens and searches. `input` does not include the cache.

    `speed`, `inference_geo` and `service_tier` are the API's words, "" where it said nothing.
    """

    input: int = 0
    output: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    cache_read: int = 0
    web_searches: int = 0
    speed: str = ""
    inference_geo: str = ""
    service_tier: str = ""

    @classmethod
    def parse(cls, usage: object) -> Usage:
        """Read a `message.usage` object; whatever is missing or of a wrong type counts as none.

        `cache_creation_input_tokens` is the number of tokens written, `cache_creation` how they
        divide. Without the division all are 5-minute writes, and so is what it leaves over
        (Claude Code's own cost figures do the same).
        """
        fields = usage if isinstance(usage, dict) else {}
        write_5m, write_1h = _cache_writes(fields)
        return cls(
            input=_count(fields.get("input_tokens")),
            output=_count(fields.get("output_tokens")),
            cache_write_5m=write_5m,
            cache_write_1h=write_1h,
            cache_read=_count(fields.get("cache_read_input_tokens")),
            web_searches=_count(_object(fields, "server_tool_use").get("web_search_requests")),
            speed=_text(fields.get("speed")),
            inference_geo=_text(fields.get("inference_geo")),
            service_tier=_text(fields.get("service_tier")),
        )

    @property
    def cache_write(self) -> int:
        """Tokens written to the cache, for five minutes and for an hour together."""
        return self.cache_write_5m + self.cache_write_1h

    @property
    def prompt(self) -> int:
        """Tokens of the whole prompt, cache included: what long-context prices go by."""
        return self.input + self.cache_write + self.cache_read

    @property
    def total(self) -> int:
        """All tokens of the call."""
        return self.prompt + self.output


def _cache_writes(fields: dict[str, Any]) -> tuple[int, int]:
    split = _object(fields, "cache_creation")
    write_5m = _count(split.get("ephemeral_5m_input_tokens"))
    write_1h = _count(split.get("ephemeral_1h_input_tokens"))
    stated = fields.get("cache_creation_input_tokens")
    if not _is_count(stated):
        return write_5m, write_1h
    write_1h = min(write_1h, _count(stated))
    return _count(stated) - write_1h, write_1h


def _object(fields: dict[str, Any], name: str) -> dict[str, Any]:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST


def _count(value: Any) -> int:
    return int(value) if _is_count(value) else 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
