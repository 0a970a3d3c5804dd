"""GET /metrics: figures for Prometheus and whatever else reads its text format."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.errors import PluginError
from claude_mpm_monitor.model.metric import Metric
from claude_mpm_monitor.plugins.loader import BUILTIN
from claude_mpm_monitor.server.http import Route
from claude_mpm_monitor.server.plugin_calls import PluginFailed, call_plugin
from claude_mpm_monitor.server.services import Services

#: How long reading one metric of a plugin may take (seconds).
READ_SECONDS = 1.0
_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", '"': '\\"'})


class MetricsApi:
    """Reads all metrics. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [("GET", "/metrics", self.metrics)]

    def metrics(self, request: Request) -> Response:
        """Answer every metric that can be read, one after another."""
        status = self._services.status()
        lines: list[str] = []
        owners: dict[str, str] = {}
        for found in self._services.registry.shelves.metrics.contributions():
            metric, what = found.item, f"reading {found.item.name}"
            base = "mpm_monitor" if found.plugin == BUILTIN[0] else f"mpm_{_plain(found.plugin)}"
            if owners.setdefault(f"{base}_{metric.name}", found.plugin) != found.plugin:
                continue  # told twice, none of them could be read
            try:
                lines += call_plugin(
                    self._services, found, what, READ_SECONDS, _lines, base, metric, status
                )
            except PluginFailed:
                continue  # counted, and shown where plugins are
        return Response("".join(f"{line}\n" for line in lines), content_type=_TYPE)


def _lines(base: str, metric: Metric, status: Mapping[str, Any]) -> list[str]:
    """Return the lines that tell one metric. The plugin's thread."""
    name = f"{base}_{metric.name}"
    told = metric.help.replace("\\", "\\\\").replace("\n", "\\n")
    head = [f"# HELP {name} {told}", f"# TYPE {name} {metric.kind}"]
    return head + [f"{name}{labels} {value}" for labels, value in _values(metric, status)]


def _values(metric: Metric, status: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    read = metric.read(status)
    if isinstance(read, Mapping) != bool(metric.label):
        expected = "a figure for each value of its label" if metric.label else "one figure"
        raise PluginError(f"metric {metric.name} was read as {read!r}, {expected} was expected")
    for label, value in read.items() if isinstance(read, Mapping) else [("", read)]:
        if not isinstance(value, int | float) or not math.isfinite(value):
            raise PluginError(f"metric {metric.name} was read as {value!r}, a number was expected")
        text = str(label).translate(_ESCAPED)
        labels = f'{{{metric.label}="{text}"}}' if metric.label else ""
        # Not as the value writes itself: that is "True", or names its type.
        yield labels, repr(int(value) if isinstance(value, int) else float(value))


def _plain(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name)
