"""Noise in SQL, about the table `events`: what `model.event.is_noise` tells of an event at hand."""

from __future__ import annotations

from claude_mpm_monitor.model.event import LIVE_TRANSCRIPT, NOISE_KINDS, NOISE_PREFIXES

_KINDS = ", ".join(f"'{kind}'" for kind in sorted(NOISE_KINDS))
_PREFIXES = " AND ".join(f"events.kind NOT GLOB '{prefix}*'" for prefix in NOISE_PREFIXES)
#: The event is of no kind that is noise.
NO_NOISE_KIND = f"events.kind NOT IN ({_KINDS}) AND {_PREFIXES}"
#: The event tells what no other has told.
TOLD_ONCE = (
    f"(events.source <> '{LIVE_TRANSCRIPT}' OR (events.kind = 'transcript.assistant' "
    "AND events.tool_use_id = '' AND events.summary <> ''))"
)
