"""Identity: the same fact gets the same event_id, however often and by whatever way it arrives.

A fact that names itself (a tool call's id, a transcript line's uuid) is identified by that name.
Any other is identified by its content and by which occurrence of that content it is, counted
for each channel apart: the second "Claude is waiting for your input" on one channel is a new
fact, the first one on a second channel is the same fact told again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.model.jsontext import canonical

#: Contents remembered at once; the store is asked again about older ones.
REMEMBERED = 5_000
#: A fact stored this recently (µs) may be the one that another channel is just telling again.
SAME_FACT_WINDOW_US = 10_000_000


def fact_id(session_id: str, kind: str, key: str) -> str:
    """Return the id of the fact of `kind` that `key` names within the session: 32 hex digits."""
    text = "\x1f".join((session_id, kind, key))
    return blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def content_key(event: Event) -> str:
    """Return a digest of the payload that is indifferent to key order and white space."""
    return blake2b(canonical(event.payload), digest_size=16).hexdigest()


class Occurrences:
    """Counts how often each channel has told each content. Writer thread only.

    `stored_at` returns when the event with an id was stored (µs), or None.
    """

    def __init__(self, stored_at: Callable[[str], int | None]) -> None:
        self._stored_at = stored_at
        self._told: OrderedDict[str, _Told] = OrderedDict()

    def event_id(self, event: Event, channel: str) -> str:
        """Return the id of this occurrence of the event's content on `channel`."""
        content = content_key(event)
        base = fact_id(event.session_id, event.kind, content)
        told = self._told.get(base)
        if told is None:
            told = self._told[base] = _Told(self._stored_before(event, content))
            if len(self._told) > REMEMBERED:
                self._told.popitem(last=False)
        else:
            self._told.move_to_end(base)
        return fact_id(event.session_id, event.kind, f"{content}#{told.next(channel)}")

    def _stored_before(self, event: Event, content: str) -> int:
        """How many occurrences the store holds that are too old to be this one told again."""
        count = 0
        while True:
            key = f"{content}#{count + 1}"
            at = self._stored_at(fact_id(event.session_id, event.kind, key))
            if at is None or at > event.at - SAME_FACT_WINDOW_US:
                return count
            count += 1


class _Told:
    """How many occurrences of one content each channel has told."""

    __slots__ = ("_before", "_by_channel")

    def __init__(self, before: int) -> None:
        self._before = before
        self._by_channel: dict[str, int] = {}

    def next(self, channel: str) -> int:
        number = self._by_channel.get(channel, self._before) + 1
        self._by_channel[channel] = number
        return number
