"""What commits cost: an estimate by time, as nothing says which call was for which commit.

A commit costs what its session spent since the one before it, subagents included. What was spent
after the last commit is in a row of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.model.analyzer import Json

#: The row of what no commit followed.
NO_COMMIT = ""


def by_commit(calls: Iterable[Json], commits: Iterable[Json], session_id: str = "") -> list[Json]:
    """Return figures by session and commit; of one session when its id is given."""
    made: dict[str, list[tuple[int, str]]] = {}
    for commit in commits:
        made.setdefault(commit["session_id"], []).append((commit["at"], commit["sha"]))
    for of_session in made.values():
        of_session.sort()
    rows: dict[tuple[str, str], Json] = {}
    for call in calls:
        owner = session_id or call["session_id"]
        of_session = made.get(owner, [])
        position = bisect_left(of_session, (call["at"], ""))
        sha = of_session[position][1] if position < len(of_session) else NO_COMMIT
        row = rows.setdefault((owner, sha), sums.empty())
        sums.merge(row, sums.of_call(call))
    return [
        {"session_id": owner, "sha": sha, **value, "estimate": True}
        for (owner, sha), value in rows.items()
    ]
