"""Registry: everything the plugins of one monitor registered, and how each of them is doing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import pluggy
import structlog

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import DecodeError, PluginError
from claude_mpm_monitor.model.analyzer import Analyzer, Documents
from claude_mpm_monitor.model.decoder import Decoder
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.model.widget import WidgetSpec
from claude_mpm_monitor.plugins.guard import Guard
from claude_mpm_monitor.plugins.loader import load_plugins, new_manager


class Registry:
    """Owns the plugin manager. Filled on the thread that starts the monitor, then only read."""

    def __init__(
        self,
        config: Config,
        extra: Iterable[object],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self.manager = new_manager()
        self._log = log
        self._guards = load_plugins(self.manager, extra, config.disabled_plugins, log)
        self._decoders: dict[str, tuple[Decoder, Guard]] = {}
        self._analyzers: dict[str, tuple[Analyzer, Guard]] = {}
        self.widgets: list[tuple[str, WidgetSpec]] = []
        self._collect(config)

    @property
    def analyzers(self) -> list[Analyzer]:
        """Every analyzer, the built-in one first."""
        return [analyzer for analyzer, _ in self._analyzers.values()]

    def decode(self, raw: Raw) -> list[Event]:
        """Return the events in `raw`, or raise DecodeError. Writer thread only."""
        found = self._decoders.get(raw.dialect)
        if found is None:
            raise DecodeError(f"no decoder for {raw.dialect!r}")
        decoder, guard = found
        events: list[Event] | None = None
        problem: DecodeError | None = None
        with guard.running(f"decoding {raw.dialect}"):
            try:
                events = _events(decoder.decode(raw))
            except DecodeError as error:
                problem = error
        if problem is not None:
            raise problem
        if events is None:
            raise DecodeError(f"the decoder failed: {guard.state.error}")
        return events

    def apply(self, analyzer: Analyzer, event: Event, documents: Documents) -> bool:
        """Have the analyzer handle the event; False when it is switched off, from now on or before.

        Consumer thread only.
        """
        guard = self._analyzers[analyzer.name][1]
        if guard.tripped:
            return False
        with guard.running(f"{analyzer.name}, event {event.seq}"):
            analyzer.apply(event, documents)
        return not guard.tripped

    def call(self, hook: str, **arguments: object) -> None:
        """Call every plugin's implementation of `hook`, each under its guard."""
        for name, function, names in self._implementations(hook):
            with self._guards[name].running(hook):
                function(*(arguments[argument] for argument in names))

    def states(self) -> list[dict[str, Any]]:
        """What /api/v1/plugins shows."""
        return [msgspec.to_builtins(guard.state) for guard in self._guards.values()]

    def _implementations(
        self, hook: str
    ) -> Iterator[tuple[str, Callable[..., Any], tuple[str, ...]]]:
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        for implementation in caller.get_hookimpls():
            yield implementation.plugin_name, implementation.function, implementation.argnames

    def _collect(self, config: Config) -> None:
        for hook, register in (
            ("monitor_register_decoders", self._add_decoder),
            ("monitor_register_analyzers", self._add_analyzer),
            ("monitor_register_widgets", self._add_widget),
        ):
            for name, function, names in self._implementations(hook):
                with self._guards[name].running(hook):
                    arguments = {"config": config}
                    for item in function(*(arguments[argument] for argument in names)) or ():
                        register(name, item)
                if self._guards[name].state.error:
                    self._guards[name].state.state = "failed"

    def _own_guard(self, plugin: str) -> Guard:
        """Return a guard that counts for one object alone and reports to its plugin's state."""
        return Guard(self._guards[plugin].state, self._log)

    def _add_decoder(self, plugin: str, decoder: object) -> None:
        if not isinstance(decoder, Decoder):
            raise PluginError(f"{decoder!r} is no decoder: it needs `dialect` and `decode(raw)`")
        if decoder.dialect in self._decoders:
            raise PluginError(f"there is a decoder for {decoder.dialect!r} already")
        self._decoders[decoder.dialect] = (decoder, self._own_guard(plugin))
        self._guards[plugin].state.decoders.append(decoder.dialect)

    def _add_analyzer(self, plugin: str, analyzer: object) -> None:
        if not isinstance(analyzer, Analyzer):
            raise PluginError(
                f"{analyzer!r} is no analyzer: it needs `name`, `version`, `topics` and `apply`"
            )
        if not isinstance(analyzer.topics, tuple | list | frozenset | set):
            raise PluginError(f"topics of analyzer {analyzer.name!r} is no tuple of texts")
        taken = {topic for known in self.analyzers for topic in known.topics}
        if analyzer.name in self._analyzers or taken.intersection(analyzer.topics):
            raise PluginError(f"the name or a topic of analyzer {analyzer.name!r} is taken")
        self._analyzers[analyzer.name] = (analyzer, self._own_guard(plugin))
        self._guards[plugin].state.analyzers.append(analyzer.name)

    def _add_widget(self, plugin: str, widget: object) -> None:
        if not isinstance(widget, WidgetSpec):
            raise PluginError(f"{widget!r} is no WidgetSpec")
        if any(widget.id == known.id for _, known in self.widgets):
            raise PluginError(f"the widget id {widget.id!r} is taken")
        if not (widget.static_dir / widget.module).is_file():
            raise PluginError(
                f"widget {widget.id}: there is no {widget.static_dir / widget.module}"
            )
        self.widgets.append((plugin, widget))
        self._guards[plugin].state.widgets.append(widget.id)


def _events(decoded: object) -> list[Event]:
    """Return what a decoder returned as a list, or raise PluginError when it is something else."""
    events: list[Event] = []
    for event in decoded if isinstance(decoded, Iterable) else [decoded]:
        if not isinstance(event, Event):
            raise PluginError(f"a decoder returned {event!r}, an Event was expected")
        events.append(event)
    return events
