"""Registry: the plugins of one monitor, what they registered, and how each of them is doing."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from types import ModuleType
from typing import Any

import msgspec
import pluggy
import structlog

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import DecodeError, PluginError
from claude_mpm_monitor.model.analyzer import Analyzer, Documents
from claude_mpm_monitor.model.decoder import Decoder
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.model.setting import Settings
from claude_mpm_monitor.plugins.footprint import Counting, Footprint, resident_bytes, values_of
from claude_mpm_monitor.plugins.guard import Guard
from claude_mpm_monitor.plugins.lane import Lane, held
from claude_mpm_monitor.plugins.loader import BUILTIN, load_plugins, new_manager
from claude_mpm_monitor.plugins.settings import SettingsFile
from claude_mpm_monitor.plugins.shelf import Shelf
from claude_mpm_monitor.plugins.shelves import Shelves
from claude_mpm_monitor.pricing.overrides import parse_overrides
from claude_mpm_monitor.pricing.table import PriceTable

#: How long a hook of a plugin may take, and what runs on the way of an event (seconds).
HOOK_SECONDS = 5.0
QUICK_SECONDS = 1.0
#: What may take so long (seconds); ten longer calls in a row lead to quarantine.
_BUDGETS = {
    "monitor_register_decoders": 0.25,
    "monitor_register_redactors": 0.25,
    "monitor_register_enrichers": 0.25,
    "monitor_register_rules": 0.25,
    "monitor_register_analyzers": 1.0,
}
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
        self._loaded = load_plugins(self.manager, extra, config, log)
        #: The guards of each plugin's contributions, and that of the plugin itself.
        self._guards = {name: [guard] for name, guard in self._loaded.items()}
        self._settings = self._read_settings(SettingsFile(config.plugin_settings))
        self._collect(config)
        # By themselves: looked up for each event.
        self._enrichers = [
            (getattr(one.item, "kinds", None), one)
            for one in self.shelves.enrichers.contributions()
        ]
        self._guard_of = {
            one.item.name: one.guard for one in self.shelves.analyzers.contributions()
        }
        #: What the monitor keeps in memory on behalf of a plugin, as long as it does.
        self._kept_for: weakref.WeakValueDictionary[str, object] = weakref.WeakValueDictionary()
        #: Plugins that lack some of what they should have registered: only a new start mends that.
        self._failed = frozenset(
            name for name, guard in self._loaded.items() if guard.state.state == "failed"
        )

    @property
    def analyzers(self) -> list[Analyzer]:
        """Every analyzer, the built-in ones first."""
        return list(self.shelves.analyzers)

    @property
    def own_analyzers(self) -> list[Analyzer]:
        """Those that are built in."""
        found = self.shelves.analyzers.contributions()
        return [one.item for one in found if one.guard.lane is None]

    def analyzers_apart(self) -> dict[str, list[Analyzer]]:
        """Return those of all other plugins, by plugin."""
        found: dict[str, list[Analyzer]] = {}
        for one in self.shelves.analyzers.contributions():
            if one.guard.lane is not None:
                found.setdefault(one.plugin, []).append(one.item)
        return found

    @property
    def prices(self) -> PriceTable:
        """What models cost: the built-in table, and in front of it the books of plugins."""
        table = PriceTable.builtin()
        # The built-in plugin comes first and holds the user's own prices: it has the last word.
        for book in reversed(list(self.shelves.prices)):
            table = table.with_models(parse_overrides({"models": book.models}, book.name))
        return table

    def redact(self, text: bytes) -> tuple[bytes, dict[str, int]]:
        """Return the text without what redactors hide, and how much of which kind that was.

        Any thread.
        """
        hidden: dict[str, int] = {}
        for redactor in self.shelves.redactors.working():
            with redactor.guard.running(f"redacting by {redactor.item.name}"):
                text, found = redactor.call(QUICK_SECONDS, redactor.item.redact, text)
                for kind, count in found.items():
                    hidden[kind] = hidden.get(kind, 0) + count
        return text, hidden

    def decode(self, raw: Raw) -> list[Event]:
        """Return the events in `raw`, completed, or raise DecodeError. Writer thread only."""
        found = self.shelves.decoders.find(raw.dialect)
        if found is None:
            raise DecodeError(f"no decoder for {raw.dialect!r}")
        if found.guard.tripped:
            raise DecodeError(f"the decoder is left alone: {found.guard.state.error}")
        events: list[Event] | None = None
        problem: DecodeError | None = None
        with found.guard.running(f"decoding {raw.dialect}"):
            try:
                events = found.call(QUICK_SECONDS, _decoded, found.item, raw)
            except DecodeError as error:
                problem = error
        if problem is not None:
            raise problem
        if events is None:
            raise DecodeError(f"the decoder failed: {found.guard.state.error}")
        return [self._enriched(event) for event in events] if self._enrichers else events

    def apply(self, analyzer: Analyzer, event: Event, documents: Documents) -> bool:
        """Have the analyzer handle the event; False when it is switched off from now on.

        The analyzers' threads only.
        """
        # Spelled out: every event goes through here once for each analyzer.
        guard = self._guard_of[analyzer.name]
        started = time.perf_counter()
        try:
            analyzer.apply(event, documents)
        except (Exception, SystemExit) as error:  # noqa: BLE001  a plugin may raise anything
            where = f"{analyzer.name}, event {event.seq}"
            guard.failed(where, error, time.perf_counter() - started)
            return not guard.tripped
        guard.done(time.perf_counter() - started, analyzer.name)
        return True

    def settle(self, analyzer: Analyzer, documents: Documents) -> bool:
        """Have the analyzer do what it has put off; False when it is switched off from now on."""
        settle = getattr(analyzer, "settle", None)
        guard = self.guard_of(analyzer)
        if settle is not None:
            with guard.running(f"{analyzer.name}, settling"):
                held(settle, documents)
        return not guard.tripped

    def guard_of(self, analyzer: Analyzer) -> Guard:
        """Return the guard of an analyzer that is registered. Any thread."""
        return self._guard_of[analyzer.name]

    def call(self, hook: str, **arguments: object) -> None:
        """Call every plugin's implementation of `hook`, each under its guard."""
        for name, function, names in self._implementations(hook):
            if self._loaded[name].state.state != "disabled":
                with self._loaded[name].running(hook):
                    self._run(name, function, *(arguments[argument] for argument in names))

    def disable(self, name: str) -> bool:
        """Leave a plugin alone from now on; False when there is none of that name. Any thread."""
        if name not in self._loaded or name == BUILTIN[0]:
            return False
        self._loaded[name].state.state = "disabled"
        return True

    def enable(self, name: str) -> bool:
        """Give a plugin another chance; False when it takes a new start to load it. Any thread."""
        if name not in self._loaded or name in self._failed or not self._loaded[name].state.hooks:
            return False
        for guard in self._guards[name]:
            guard.again()
        self._loaded[name].state.state = "active"
        self._loaded[name].state.error = ""
        return True

    def close(self) -> None:
        """End the threads that plugins run on; never waits."""
        for guard in chain.from_iterable(self._guards.values()):
            if guard.lane is not None:
                guard.lane.stop()

    def states(self) -> list[dict[str, Any]]:
        """What /api/v1/plugins shows."""
        return [msgspec.to_builtins(guard.state) for guard in self._loaded.values()]

    def topics(self) -> dict[str, list[str]]:
        """Return the topics of each plugin's documents; those that are built in come last."""
        found: dict[str, list[str]] = {name: [] for name in self._others_first()}
        for one in self.shelves.analyzers.contributions():
            found[one.plugin] += one.item.topics
        return found

    def keeps(self, plugin: str, kept: object) -> None:
        """Say what is kept in memory on behalf of a plugin: it counts in its footprint."""
        self._kept_for[plugin] = kept

    def footprints(self, seconds: float) -> dict[str, Footprint]:
        """Count what each plugin keeps in memory, for so long at most. Any thread.

        Those that are built in come last: what others share with them counts for the others, and
        they are what is not complete when time is over.
        """
        counting = Counting(time.monotonic() + seconds)
        return {name: self._footprint(name, counting) for name in self._others_first()}

    def _footprint(self, name: str, counting: Counting) -> Footprint:
        plugin = self.manager.get_plugin(name)
        own = [one.item for shelf in self.shelves.by_hook().values() for one in shelf.of(name)]
        if (kept := self._kept_for.get(name)) is not None:
            own.append(kept)
        if isinstance(plugin, ModuleType):
            return counting.of(own, values_of(plugin))
        return counting.of(own if plugin is None else [plugin, *own])

    def _others_first(self) -> list[str]:
        return sorted(self._loaded, key=lambda name: name == BUILTIN[0])

    def _enriched(self, event: Event) -> Event:
        for kinds, enricher in self._enrichers:
            if enricher.guard.tripped or (kinds is not None and event.kind not in kinds):
                continue
            with enricher.guard.running(f"enriching a {event.kind}"):
                completed = enricher.call(QUICK_SECONDS, enricher.item.enrich, event)
                if completed is not event:
                    given = {name: getattr(completed, name) for name in _COMPLETED}
                    event = event.with_fields(**given)
        return event

    def _implementations(
        self, hook: str
    ) -> Iterator[tuple[str, Callable[..., Any], tuple[str, ...]]]:
        """Yield what implements the hook, in the order in which plugins can rely on being called.

        What is built in; then those that ask to be first, all others, and those that ask to be
        last; among equals in the order they were loaded.
        """
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        order = list(self._loaded)

        def place(found: pluggy.HookImpl) -> tuple[bool, int, int]:
            name = found.plugin_name
            return name != BUILTIN[0], found.trylast - found.tryfirst, order.index(name)

        for implementation in sorted(caller.get_hookimpls(), key=place):
            yield implementation.plugin_name, implementation.function, implementation.argnames

    def _read_settings(self, file: SettingsFile) -> dict[str, Settings]:
        """Return the settings of each plugin; one whose settings cannot be used takes no part."""
        settings = dict.fromkeys(self._loaded, Settings({}))
        for name, function, _ in list(self._implementations("monitor_register_settings")):
            try:
                settings[name] = file.settings_of(name, self._run(name, _listed, function))
            except Exception as error:  # noqa: BLE001  a plugin may raise anything
                self._loaded[name].fail("settings", error)
                self.manager.unregister(name=name)
        return settings

    def _collect(self, config: Config) -> None:
        for hook, shelf in self.shelves.by_hook().items():
            for name, function, names in self._implementations(hook):
                guard = self._loaded[name]
                given: dict[str, object] = {"config": config, "settings": self._settings[name]}
                if "prices" in names:
                    given["prices"] = self.prices
                failures, started = guard.state.failures, time.perf_counter()
                before = resident_bytes()
                with guard.running(hook):
                    values = [given[argument] for argument in names]
                    self._run(name, self._fill, name, hook, shelf, function, values)
                guard.state.load_seconds += time.perf_counter() - started
                guard.state.load_bytes += max(0, resident_bytes() - before)
                if guard.state.failures > failures:
                    guard.state.state = "failed"

    def _fill(
        self,
        name: str,
        hook: str,
        shelf: Shelf[Any],
        function: Callable[..., Any],
        values: list[object],
    ) -> None:
        """Put what a plugin registers on its shelf, each thing with a guard and lane of its own."""
        built_in = self._loaded[name].lane is None
        budget = float("inf") if built_in else _BUDGETS.get(hook, float("inf"))
        for item in function(*values) or ():
            lane = None if built_in else Lane(name)
            guard = Guard(self._loaded[name].state, self._log, budget, lane)
            shelf.add(name, item, guard)
            self._guards[name].append(guard)

    def _run(self, name: str, function: Callable[..., Any], *arguments: object) -> Any:
        """Call a plugin's code where it cannot keep others waiting for ever."""
        lane = self._loaded[name].lane
        if lane is None:
            return function(*arguments)
        return lane.call(function, *arguments, seconds=HOOK_SECONDS)


def _listed(function: Callable[[], Iterable[object] | None]) -> list[object]:
    return list(function() or ())


def _decoded(decoder: Decoder, raw: Raw) -> list[Event]:
    """Return what a decoder makes of `raw`, or raise PluginError when that is something else."""
    events: list[Event] = []
    decoded: object = decoder.decode(raw)
    for event in decoded if isinstance(decoded, Iterable) else [decoded]:
        if not isinstance(event, Event):
            raise PluginError(f"a decoder returned {event!r}, an Event was expected")
        events.append(event)
    return events
