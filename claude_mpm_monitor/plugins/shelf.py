"""Shelf: what plugins contributed of one kind, each with the guard it runs under."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from claude_mpm_monitor.errors import PluginError
from claude_mpm_monitor.plugins.guard import Guard

T = TypeVar("T")


class Contribution(NamedTuple, Generic[T]):
    """One thing a plugin registered."""

    plugin: str
    item: T
    #: Counts for this thing alone and reports to its plugin's state.
    guard: Guard

    def call(self, seconds: float, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a method of the thing. Any thread.

        Hung when it takes longer than `seconds`, Behind when others of its plugin take as long.
        To be called within ``guard.running``, which counts what it raises.
        """
        if self.guard.lane is None:
            return function(*arguments)
        return self.guard.lane.call(function, *arguments, seconds=seconds)


class Shelf(Generic[T]):
    """Contributions of one kind, by name, in the order they were registered.

    Filled on the thread that creates the monitor, then only read, from any thread.

    :param kind: what they are called, in the plural ("analyzers").
    :param needs: what one must have, in words, for the message to who wrote one that has not.
    :param name_of: returns a contribution's name, which nobody else's may have.
    :param check: raises MonitorError with a sentence when a contribution cannot be used.
    :param shared: whether a name is taken for all plugins, not for the one plugin alone.
    """

    def __init__(
        self,
        kind: str,
        expected: type[Any],
        needs: str,
        name_of: Callable[[T], str],
        check: Callable[[T], None] | None = None,
        *,
        shared: bool = True,
    ) -> None:
        self.kind = kind
        self._expected = expected
        self._needs = needs
        self._name_of = name_of
        self._check = check
        self._shared = shared
        self._contributions: dict[str, Contribution[T]] = {}

    def add(self, plugin: str, item: Any, guard: Guard) -> None:
        """Take a contribution in, or raise PluginError."""
        if not isinstance(item, self._expected):
            raise PluginError(f"{item!r} cannot be one of its {self.kind}: it needs {self._needs}")
        name = self._name_of(item)
        if not isinstance(name, str) or not name:
            raise PluginError(f"{item!r} has the name {name!r}, a text was expected")
        key = name if self._shared else f"{plugin} {name}"
        if key in self._contributions:
            owner = self._contributions[key].plugin
            raise PluginError(f"{name!r} is taken: the plugin {owner} has one of that name")
        if self._check is not None:
            self._check(item)
        self._contributions[key] = Contribution(plugin, item, guard)
        guard.state.adds.setdefault(self.kind, []).append(name)

    def __iter__(self) -> Iterator[T]:
        return (contribution.item for contribution in self._contributions.values())

    def __len__(self) -> int:
        return len(self._contributions)

    def contributions(self) -> list[Contribution[T]]:
        """Return all of them with their plugins and guards."""
        return list(self._contributions.values())

    def working(self) -> Iterator[Contribution[T]]:
        """Yield those that are not in quarantine."""
        return (one for one in self._contributions.values() if not one.guard.tripped)

    def of(self, plugin: str) -> list[Contribution[T]]:
        """Return those of one plugin."""
        return [one for one in self._contributions.values() if one.plugin == plugin]

    def find_of(self, plugin: str, name: str) -> Contribution[T] | None:
        """Return the one of that name that this plugin has, None when it has none."""
        found = self._contributions.get(name if self._shared else f"{plugin} {name}")
        return found if found is not None and found.plugin == plugin else None

    def find(self, name: str) -> Contribution[T] | None:
        """Return the one of that name (which is shared), None when there is none."""
        return self._contributions.get(name)
