"""Registry: the plugins of one monitor, what they registered, and how each of them is doing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
import pluggy
import structlog

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import DecodeError, PluginError
from claude_mpm_monitor.model.analyzer import Analyzer, Documents
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.model.setting import Settings
from claude_mpm_monitor.plugins.guard import Guard
from claude_mpm_monitor.plugins.loader import load_plugins, new_manager
from claude_mpm_monitor.plugins.settings import SettingsFile
from claude_mpm_monitor.plugins.shelf import Shelf
from claude_mpm_monitor.plugins.shelves import Shelves
from claude_mpm_monitor.pricing.overrides import parse_overrides
from claude_mpm_monitor.pricing.table import PriceTable

#: What an enricher may fill in.
_COMPLETED = ("project", "branch", "agent_id", "prompt_id", "tool_name", "summary")


class Registry:
    """Owns the plugin manager. Filled on the thread that starts the monitor, then only read."""

    def __init__(
        self,
        config: Config,
        extra: Iterable[object],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self.manager = new_manager()
        self.shelves = Shelves()
        self._log = log
        self._guards = load_plugins(self.manager, extra, config, log)
        self._settings = self._read_settings(SettingsFile(config.plugin_settings))
        self._collect(config)

    @property
    def analyzers(self) -> list[Analyzer]:
        """Every analyzer, the built-in ones first."""
        return list(self.shelves.analyzers)

    @property
    def prices(self) -> PriceTable:
        """What models cost: the built-in table, and in front of it the books of plugins."""
        table = PriceTable.builtin()
        # The built-in plugin comes first and holds the user's own prices: it has the last word.
        for book in reversed(list(self.shelves.prices)):
            table = table.with_models(parse_overrides({"models": book.models}, book.name))
        return table

    def redact(self, text: bytes) -> tuple[bytes, Counter[str]]:
        """Return the text without what redactors hide, and how much of which kind that was.

        Any thread.
        """
        hidden: Counter[str] = Counter()
        for redactor in self.shelves.redactors.contributions():
            if redactor.guard.tripped:
                continue
            with redactor.guard.running(f"redacting by {redactor.item.name}"):
                text, found = redactor.item.redact(text)
                hidden.update(found)
        return text, hidden

    def decode(self, raw: Raw) -> list[Event]:
        """Return the events in `raw`, completed, or raise DecodeError. Writer thread only."""
        found = self.shelves.decoders.find(raw.dialect)
        if found is None:
            raise DecodeError(f"no decoder for {raw.dialect!r}")
        events: list[Event] | None = None
        problem: DecodeError | None = None
        with found.guard.running(f"decoding {raw.dialect}"):
            try:
                events = _events(found.item.decode(raw))
            except DecodeError as error:
                problem = error
        if problem is not None:
            raise problem
        if events is None:
            raise DecodeError(f"the decoder failed: {found.guard.state.error}")
        return [self._enriched(event) for event in events] if self.shelves.enrichers else events

    def apply(self, analyzer: Analyzer, event: Event, documents: Documents) -> bool:
        """Have the analyzer handle the event; False when it is switched off from now on.

        The analyzers' threads only.
        """
        # Spelled out: every event goes through here once for each analyzer.
        guard = self._guard_of(analyzer)
        started = time.perf_counter()
        try:
            analyzer.apply(event, documents)
        except Exception as error:  # noqa: BLE001  a plugin may raise anything
            where = f"{analyzer.name}, event {event.seq}"
            guard.failed(where, error, time.perf_counter() - started)
            return not guard.tripped
        guard.done(time.perf_counter() - started)
        return True

    def settle(self, analyzer: Analyzer, documents: Documents) -> bool:
        """Have the analyzer do what it has put off; False when it is switched off from now on."""
        settle = getattr(analyzer, "settle", None)
        guard = self._guard_of(analyzer)
        if settle is not None:
            with guard.running(f"{analyzer.name}, settling"):
                settle(documents)
        return not guard.tripped

    def _guard_of(self, analyzer: Analyzer) -> Guard:
        found = self.shelves.analyzers.find(analyzer.name)
        assert found is not None, "only what is registered is applied"
        return found.guard

    def call(self, hook: str, **arguments: object) -> None:
        """Call every plugin's implementation of `hook`, each under its guard."""
        for name, function, names in self._implementations(hook):
            with self._guards[name].running(hook):
                function(*(arguments[argument] for argument in names))

    def states(self) -> list[dict[str, Any]]:
        """What /api/v1/plugins shows."""
        return [msgspec.to_builtins(guard.state) for guard in self._guards.values()]

    def _enriched(self, event: Event) -> Event:
        for enricher in self.shelves.enrichers.contributions():
            if enricher.guard.tripped:
                continue
            with enricher.guard.running(f"enriching a {event.kind}"):
                completed = enricher.item.enrich(event)
                if completed is not event:
                    given = {name: getattr(completed, name) for name in _COMPLETED}
                    event = msgspec.structs.replace(event, **given)
        return event

    def _implementations(
        self, hook: str
    ) -> Iterator[tuple[str, Callable[..., Any], tuple[str, ...]]]:
        """Yield what implements the hook, in the order the plugins were loaded."""
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        order = list(self._guards)
        for implementation in sorted(
            caller.get_hookimpls(), key=lambda found: order.index(found.plugin_name)
        ):
            yield implementation.plugin_name, implementation.function, implementation.argnames

    def _read_settings(self, file: SettingsFile) -> dict[str, Settings]:
        """Return the settings of each plugin; one whose settings cannot be used takes no part."""
        settings = dict.fromkeys(self._guards, Settings({}))
        for name, function, _ in list(self._implementations("monitor_register_settings")):
            try:
                settings[name] = file.settings_of(name, function() or ())
            except Exception as error:  # noqa: BLE001  a plugin may raise anything
                self._guards[name].fail("settings", error)
                self.manager.unregister(name=name)
        return settings

    def _collect(self, config: Config) -> None:
        for hook, shelf in self.shelves.by_hook().items():
            self.register(hook, {"config": config}, self._shelve(shelf))

    def _shelve(self, shelf: Shelf[Any]) -> Callable[[str, object], None]:
        def take(plugin: str, item: object) -> None:
            shelf.add(plugin, item, Guard(self._guards[plugin].state, self._log))

        return take

    def register(
        self, hook: str, arguments: Mapping[str, object], take: Callable[[str, object], None]
    ) -> None:
        """Hand `take` the plugin's name and each thing its implementation of `hook` returns.

        What either of them raises ends that plugin's part and shows the plugin as failed.
        """
        for name, function, names in self._implementations(hook):
            guard = self._guards[name]
            given = {**arguments, "settings": self._settings[name]}
            if "prices" in names:
                given["prices"] = self.prices
            with guard.running(hook):
                for item in function(*(given[argument] for argument in names)) or ():
                    take(name, item)
            if guard.state.error:
                guard.state.state = "failed"


def _events(decoded: object) -> list[Event]:
    """Return what a decoder returned as a list, or raise PluginError when it is something else."""
    events: list[Event] = []
    for event in decoded if isinstance(decoded, Iterable) else [decoded]:
        if not isinstance(event, Event):
            raise PluginError(f"a decoder returned {event!r}, an Event was expected")
        events.append(event)
    return events
