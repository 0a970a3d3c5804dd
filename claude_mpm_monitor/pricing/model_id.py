"""Model ids: one model goes by many names, and near names are other models.

`claude-opus-4-1-20250805`, `us.anthropic.claude-opus-4-1-20250805-v1:0`, `claude-opus-4-1@20250805`
and `anthropic/claude-opus-4.1` are one model. What they share is left after taking off what says
where it runs and which snapshot it is; that name has to stand in the table as it is. No name is
ever matched by its beginning: `claude-opus-4-10` would be a model of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Lines that Claude Code wrote itself, without asking a model.
SYNTHETIC = "<synthetic>"

#: A route or an ARN, then Bedrock's region and vendor: "us.anthropic." and the like.
_WHERE = re.compile(r"^(?:.*/)?(?:(?:[a-z-]+\.)?anthropic\.)?")
#: "[1m]" asks for the long context window; ":beta" and ":thinking" are OpenRouter's ways to run it.
_HOW = re.compile(r"\[1m\]$|:(?:beta|thinking)$")
#: Bedrock's revision. `claude-v2` is a name, so a digit has to stand before it.
_REVISION = re.compile(r"(?<=\d)-v\d+(?::\d+)?$")
_DOT = re.compile(r"(?<=\d)\.(?=\d)")
_SNAPSHOT = re.compile(
    r"(?:[-@]20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|-20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"|[-@](?:latest|default))$"
)


@lru_cache(maxsize=1024)
def bare_name(model_id: str) -> str:
    """Return the name of the model alone: no route, no vendor, no snapshot, in lower case.

    "4.5" and "4-5" are the same generation.
    """
    name = _WHERE.sub("", model_id.strip().lower())
    for suffix in (_HOW, _REVISION, _SNAPSHOT):
        name = suffix.sub("", name)
    return _DOT.sub("-", name)


def is_bare(model_id: str) -> bool:
    """Tell whether `model_id` names a model alone, no route and no snapshot of it."""
    return bare_name(model_id) == _DOT.sub("-", model_id.strip().lower())
