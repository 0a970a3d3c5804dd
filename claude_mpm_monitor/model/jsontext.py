"""JSON as Claude Code writes it, lone surrogates included."""

from __future__ import annotations

import json
from typing import Any

import msgspec


def loads(body: bytes) -> Any:
    """Parse `body`, or raise ValueError with a sentence.

    JavaScript writes half of a cut-off emoji as a lone ``\\ud83d`` escape, which strict parsers
    refuse; such text is read with a question mark in its place.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if b"\\ud" not in body and b"\\uD" not in body:
            raise ValueError(f"not JSON: {error}") from None
    try:
        lenient = json.dumps(json.loads(body), ensure_ascii=False).encode(errors="replace")
        return msgspec.json.decode(lenient)
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        raise ValueError(f"not JSON: {error}") from None


def canonical(body: bytes) -> bytes:
    """Return the same value as UTF-8 JSON with sorted keys and no white space."""
    return msgspec.json.encode(loads(body), order="sorted")
