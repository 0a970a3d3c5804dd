"""Recorded sessions: whole stories to try a plugin on, made up here."""

from __future__ import annotations

from collections.abc import Callable

from claude_mpm_monitor.sample.story import session as recipes_story
from claude_mpm_monitor.testing.session import Session


def recorded(name: str, *, began: int | None = None) -> Session:
    """Return one of the sessions in `RECORDED`, with ids of its own; `began` is in µs."""
    if name not in RECORDED:
        raise LookupError(f"there is no recorded session {name!r}, only {', '.join(RECORDED)}")
    return RECORDED[name](began)


def _recipes(began: int | None) -> Session:
    """Three agents mend a search; calls fail, one is denied, all ends well."""
    steps = recipes_story()
    session = Session(steps[0].payload["session_id"], began=began)
    session.replay(steps)
    return session


def _loop(began: int | None) -> Session:
    """The same test fails eight times, with edits in between that do not help."""
    session = Session(began=began).start().prompt("Mend the rounding of prices").wait(2)
    for attempt in range(8):
        session.tool("Edit", _edit(attempt), {"filePath": "/work/shop/price.py"}, seconds=0.2)
        session.failing("Bash", {"command": "pytest -q tests/test_price.py"}, seconds=2.5)
    return session.stop("I could not mend it.")


def _waiting(began: int | None) -> Session:
    """A permission was asked for and nobody has come."""
    session = Session(began=began).start().prompt("Release it").wait(1).bash("make", seconds=3)
    return session.asks("Bash", {"command": "git push origin main"})


def _costly(began: int | None) -> Session:
    """Two turns with API calls of two models; most of what is read comes out of the cache."""
    session = Session(began=began).start().prompt("Explain the module")
    for _ in range(3):
        session.wait(4).answer(input_tokens=40, output_tokens=800, cache_read_input_tokens=60_000)
        session.bash("sed -n 1,80p price.py", seconds=0.2)
    session.stop("It rounds prices.").wait(30).prompt("Shorter")
    session.wait(2).answer("claude-haiku-4-5", input_tokens=500, output_tokens=60)
    return session.stop("It rounds.").end()


def _edit(attempt: int) -> dict[str, str]:
    old, new = f"round(price, {attempt})\n", f"round(price, {attempt + 1})\n"
    return {"file_path": "/work/shop/price.py", "old_string": old, "new_string": new}


#: Name of a recorded session -> what makes one.
RECORDED: dict[str, Callable[[int | None], Session]] = {
    "recipes": _recipes,
    "loop": _loop,
    "waiting": _waiting,
    "costly": _costly,
}
