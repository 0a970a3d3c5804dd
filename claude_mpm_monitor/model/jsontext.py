"""JSON as Claude Code writes it, lone surrogates included."""

from __future__ import annotations

import json
from typing import Any

import msgspec

#: Deeper than anything real, shallow enough for every parser and writer this text will meet.
MAX_DEPTH = 200


def loads(body: bytes) -> Any:
    """Parse `body`, or raise ValueError with a sentence.

    JavaScript writes half of a cut-off emoji as a lone ``\\ud83d`` escape, which strict parsers
    refuse; such text is read with a question mark in its place.
    """
    value = _parse(body)
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _is_deep(value):
        raise ValueError(f"not JSON of a sane shape: nested deeper than {MAX_DEPTH} levels")
    return value


def canonical(body: bytes) -> bytes:
    """Return the same value as UTF-8 JSON with sorted keys and no white space."""
    return msgspec.json.encode(loads(body), order="sorted")


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        inner = [node for node in level if isinstance(node, dict | list)]
        if not inner:
            return False
        level = [v for node in inner for v in (node.values() if isinstance(node, dict) else node)]
    return True


def _parse(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if b"\\ud" not in body and b"\\uD" not in body:
            raise ValueError(f"not JSON: {error}") from None
    try:
        # Decoded here: given bytes, json.loads would guess an encoding and let half characters in.
        lenient = json.dumps(json.loads(body.decode()), ensure_ascii=False).encode(errors="replace")
        return msgspec.json.decode(lenient)
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        raise ValueError(f"not JSON: {error}") from None
