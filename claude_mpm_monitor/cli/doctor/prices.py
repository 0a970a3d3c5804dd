"""Can the user's own prices be used?"""

from __future__ import annotations

from collections.abc import Iterator

from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import ConfigError


def check(config: Config) -> Iterator[Finding]:
    """Report on the file of prices; nothing when there is none."""
    from claude_mpm_monitor.pricing.overrides import read_overrides

    path = config.prices
    if not path.exists():
        return
    try:
        models = read_overrides(path)
    except ConfigError as error:
        remedy = "Mend the file (docs/cost.md says how); costs use the built-in prices until then."
        yield Finding("prices", "problem", str(error), remedy)
        return
    yield Finding("prices", "ok", f"{path} has prices of your own for {len(models)} models")
