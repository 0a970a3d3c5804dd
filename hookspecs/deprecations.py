"""What plugins should no longer use: the one place that says so.

A hook named here still works. It goes two minor versions after the one that named it at the
earliest, with the next major version of the API; until then a plugin that implements it is shown
with the sentence.
"""

from __future__ import annotations

#: Hook → what to do instead, a sentence.
DEPRECATED: dict[str, str] = {}
