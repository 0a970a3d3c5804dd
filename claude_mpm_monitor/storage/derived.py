"""Derived: what tables that are kept together with documents read of those."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from typing import TypeVar

import msgspec

T = TypeVar("T")


def told(
    documents: Iterable[tuple[str, str, str, str]],
    topics: Container[str],
    decoder: msgspec.json.Decoder[T],
) -> Iterator[tuple[str, str, str, T]]:
    """Yield topic, session_id, key and what is read of each of (topic, session_id, key, JSON).

    Documents of other topics are passed over, and those of another shape: a plugin's may bear the
    same name.
    """
    for topic, session_id, key, text in documents:
        if topic in topics:
            with suppress(msgspec.ValidationError):
                yield topic, session_id, key, decoder.decode(text)
