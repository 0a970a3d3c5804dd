"""SavedSearch: a query that somebody wants to use again, by a name of its own."""

from __future__ import annotations

from typing import Annotated

import msgspec

#: Searches kept at most, and the letters of a name.
MOST = 200
LONGEST_NAME = 100

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]


class SavedSearch(msgspec.Struct, frozen=True, kw_only=True):
    """A name, a query as the search box takes it, and the id that tells it from all others."""

    id: str
    name: Name
    query: str
