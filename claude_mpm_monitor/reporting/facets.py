"""The most frequent values of what a query finds, each with the query that it leads to."""

from __future__ import annotations

from collections import Counter
from typing import Any

from claude_mpm_monitor.search.toggling import Switched
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.facets import facets
from claude_mpm_monitor.storage.query import Query

#: Values told of a field.
MOST = 5


def most_frequent(query: Query, wanted: EventFilter) -> dict[str, Any]:
    """Return `facets` by field, and of how many events they tell; raises QueryError."""
    found = facets(query, wanted)
    switched = Switched(wanted.text)
    # Of one session all is its own.
    fields = [
        field
        for field in found.values
        if not wanted.session_id or field not in ("session", "project")
    ]
    return {
        "facets": [_facet(field, found.values[field], switched) for field in fields],
        "counted": found.counted,
        "exact": found.exact,
    }


def _facet(field: str, counts: Counter[str], switched: Switched) -> dict[str, Any]:
    """Return the values in order, and those that the query asks for even if nothing has them."""
    order = sorted(counts, key=lambda value: (-counts[value], value))
    told = order[:MOST] + [value for value in order[MOST:] if switched.has(field, value)]
    told = told or switched.values(field)
    return {
        "field": field,
        "values": [
            {
                "value": value,
                "count": counts[value],
                "chosen": switched.has(field, value),
                "query": switched.switch(field, value),
            }
            for value in told
        ],
        "others": max(0, len(order) - len(told)),
    }
