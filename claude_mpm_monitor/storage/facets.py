"""Facets: which values the newest events that fit have, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.rows import batched, marks

#: Events whose values are counted, and how long they are read at most (seconds): what is rare has
#: to be looked for, and nobody waits for figures beside a list.
COUNTED, SECONDS = 5_000, 0.025
#: Keys of documents in one statement.
KEYS = 500
_COLUMNS = ("kind", "tool_name", "project", "session_id", "agent_id", "tool_use_id")


class Facets(msgspec.Struct, frozen=True):
    """How often each value occurs, by field of the query language.

    `counted` is of how many events they are, the newest that fit; `exact` that there are no more.
    """

    values: dict[str, Counter[str]]
    counted: int
    exact: bool


def facets(query: Query, wanted: EventFilter) -> Facets:
    """Count the values of the newest events that fit; raises QueryError."""
    rows, exact = query.newest(wanted, _COLUMNS, limit=COUNTED, seconds=SECONDS)
    columns = zip(*rows, strict=True) if rows else [()] * len(_COLUMNS)
    kinds, tools, projects, sessions, agent_ids, call_ids = columns
    agents, calls = _keys(sessions, agent_ids), _keys(sessions, call_ids)
    types = _told(query, "agent", "$.agent_type", agents)
    named = {key: types.get(key) or key.partition("/")[2] for key in agents}
    values = {
        "kind": Counter(kinds),
        "tool": Counter(tools),
        "status": _sums(_told(query, "tool_call", "$.status", calls), calls),
        "agent": _sums(named, agents) + Counter(main=agent_ids.count("")),
        "project": Counter(projects),
        "session": Counter(sessions),
    }
    for counts in values.values():
        del counts[""]
    return Facets(values, len(rows), exact)


def _keys(sessions: tuple[str, ...], ids: tuple[str, ...]) -> Counter[str]:
    """Return how often each document is told of, by its key."""
    pairs = Counter(zip(sessions, ids, strict=True))
    return Counter({f"{session}/{name}": count for (session, name), count in pairs.items() if name})


def _sums(names: dict[str, str], counts: Counter[str]) -> Counter[str]:
    """Return how often each name occurs, of keys that occur so often."""
    found: Counter[str] = Counter()
    for key, name in names.items():
        found[name] += counts[key]
    return found


def _told(query: Query, topic: str, path: str, keys: Iterable[str]) -> dict[str, str]:
    """Return what the documents of these keys have in a field."""
    found: dict[str, str] = {}
    for some in batched(list(keys), KEYS):
        found |= dict(
            query.read(
                "SELECT key, json_extract(value, ?) FROM documents "
                f"WHERE topic = ? AND key IN ({marks(some)})",
                (path, topic, *some),
            )
        )
    return found
