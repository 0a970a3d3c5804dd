"""Walk: goes through a page by its keys alone, and knows what of it can be acted on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

LOOK = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

#: Nobody has to press Tab more often to get round a page.
ROUND = 150
#: Rows of a list that are stepped through.
STEPS = 400
LISTS = ("listbox", "grid", "tree", "combobox")


class Stop(NamedTuple):
    """A place where the focus rests. `active` is the item that a list points at."""

    key: str | None
    told: str
    active: str | None
    role: str | None


class Walk:
    """A page that was opened with `LOOK` as an init script."""

    def __init__(self, page: Page) -> None:
        self._page = page
        #: Stops that look the same with and without the focus.
        self.unmarked: set[str] = set()

    def all(self, within: str = "body") -> dict[str, str]:
        """Return what can be acted on, by key: what it is called."""
        return dict(self._page.evaluate("within => walk.all(within)", within))

    def is_in(self, key: str | None, selector: str) -> bool:
        """Tell whether something lies in an element that matches, itself included."""
        return bool(
            self._page.evaluate("([key, within]) => walk.isIn(key, within)", [key, selector])
        )

    def here(self) -> Stop:
        """Return where the focus is."""
        found: dict[str, Any] = self._page.evaluate("walk.here()")
        last = found.pop("last")
        if last is not None and not last["differs"]:
            self.unmarked.add(last["told"])
        return Stop(**found)

    def round(self, key: str = "Tab") -> list[Stop]:
        """Press the key until the focus has been everywhere it leads to; fail when it is stuck."""
        stops: list[Stop] = []
        seen: set[str | None] = set()
        for _ in range(ROUND):
            self._page.keyboard.press(key)
            stop = self.here()
            if stop.key in seen and (stop.key is None or stop.key == stops[0].key):
                return stops
            assert stop.key not in seen, f"{stop.told} lets nobody go on"
            seen.add(stop.key)
            stops.append(stop)
        raise AssertionError(f"no way round: {stops[-1].told}")

    def within(self, stop: Stop) -> set[str | None]:
        """Return the keys of what the arrow keys lead to: rows of a list, tabs of a bar."""
        if stop.role != "tab" and stop.role not in LISTS:
            return set()
        self._page.evaluate("key => walk.focus(key)", stop.key)
        if stop.role == "tab":
            return self._steps("ArrowRight", lambda: self.here().key)
        self._page.keyboard.press("Home")
        return self._steps("ArrowDown", lambda: self.here().active)

    def _steps(self, key: str, place: Callable[[], str | None]) -> set[str | None]:
        found: set[str | None] = set()
        while (at := place()) not in found and len(found) < STEPS:
            found.add(at)
            self._page.keyboard.press(key)
            self._page.evaluate("new Promise(requestAnimationFrame)")
        return found

    def state(self) -> str:
        """Return all that acting on something can change."""
        return str(self._page.evaluate("walk.state()"))

    def changed(self, before: str = "") -> str:
        """Wait until the state is another one, all is there, and stays so; return it."""
        return str(self._page.evaluate("before => walk.changed(before)", before))
