"""Identity: the same fact gets the same event_id, however often and by whatever way it arrives.

A fact that names itself (a tool call's id, a transcript line's uuid) is identified by that name.
Any other is identified by its content and by which occurrence of that content it is, counted
for each channel apart: the second "Claude is waiting for your input" on one channel is a new
fact, the first one on a second channel is the same fact told again, if it comes soon.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b

import msgspec

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.model.jsontext import canonical

#: Contents remembered at once; the store is asked again about older ones.
REMEMBERED = 5_000
#: A fact stored within this time (µs) may be the one that another channel is just telling again.
SAME_FACT_WINDOW_US = 10_000_000


def fact_id(session_id: str, kind: str, key: str) -> str:
    """Return the id of the fact of `kind` that `key` names within the session: 32 hex digits."""
    text = "\x1f".join((session_id, kind, key))
    return blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def content_key(event: Event) -> str:
    """Return a digest of the payload that is indifferent to key order and white space.

    A payload that is no JSON (a plugin's decoder may store anything) is taken as it is. It is
    worked out once for an event.
    """
    known: str | None = event.__dict__.get("_content_key")
    if known is None:
        digest = blake2b(_content(event), digest_size=16)
        known = event.__dict__["_content_key"] = digest.hexdigest()
    return known


def _content(event: Event) -> bytes:
    data = event.data()
    if data:
        return msgspec.json.encode(data, order="sorted")
    try:
        return canonical(event.payload)
    except ValueError:
        return event.payload


class Occurrences:
    """Counts how often each channel has told each content. Writer thread only.

    `stored_at` returns when the event with an id was stored (µs), or None. Call `keep` when the
    transaction that the ids were made for is committed, `undo` when it was rolled back.
    """

    def __init__(self, stored_at: Callable[[str], int | None]) -> None:
        self._stored_at = stored_at
        self._told: OrderedDict[str, dict[str, int]] = OrderedDict()
        self._changed: list[tuple[dict[str, int], str, int]] = []

    def likely(self, event: Event, channel: str) -> str:
        """Return the id that `event_id` tries first: the store can be asked about many at once."""
        by_channel = self._told.get(_base(event), {})
        return _numbered(event, by_channel.get(channel, 0) + 1)

    def event_id(self, event: Event, channel: str) -> str:
        """Return the id of this occurrence of the event's content on `channel`."""
        by_channel = self._remember(_base(event))
        before = number = by_channel.get(channel, 0)
        while True:
            number += 1
            event_id = _numbered(event, number)
            at = self._stored_at(event_id)
            # One stored long ago, before a restart or by another process, is another fact.
            if at is None or abs(at - event.at) <= SAME_FACT_WINDOW_US:
                break
        by_channel[channel] = number
        self._changed.append((by_channel, channel, before))
        return event_id

    def keep(self) -> None:
        """What was counted since the last call is stored."""
        self._changed.clear()

    def undo(self) -> None:
        """What was counted since the last `keep` is not stored: count it again when it is."""
        for by_channel, channel, before in reversed(self._changed):
            by_channel[channel] = before
        self._changed.clear()

    def _remember(self, base: str) -> dict[str, int]:
        by_channel = self._told.setdefault(base, {})
        self._told.move_to_end(base)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return by_channel


def _base(event: Event) -> str:
    """Return what all occurrences of an event's content have in common; worked out once."""
    known: str | None = event.__dict__.get("_base")
    if known is None:
        known = fact_id(event.session_id, event.kind, content_key(event))
        event.__dict__["_base"] = known
    return known


def _numbered(event: Event, number: int) -> str:
    """Return the id of an occurrence. It is asked for twice, when it is looked for and stored."""
    known: tuple[int, str] = event.__dict__.get("_numbered", (0, ""))
    if known[0] != number:
        key = f"{content_key(event)}#{number}"
        known = event.__dict__["_numbered"] = (
            number,
            fact_id(event.session_id, event.kind, key),
        )
    return known[1]
