"""The order of documents in a list, and where a page of it goes on."""

from __future__ import annotations

import msgspec


class Sorting(msgspec.Struct, frozen=True, kw_only=True):
    """An order of documents by a field of their value, and where a page of it goes on.

    `missing` stands for the field where a value has none and gives its type; `past` and
    `past_key` are the field and the key of the document that a page follows, if it follows one.
    `least` keeps to documents whose field is that or more.
    """

    field: str
    missing: int | str
    descending: bool
    past: int | str | None = None
    past_key: str = ""
    least: int | str | None = None


#: Fields that are kept in order beside the documents: the field and the key there, and the tables.
_KEPT = {
    ("session", "last_at"): (
        "last_at",
        "session",
        "sessions CROSS JOIN documents ON topic = 'session' AND key = session",
    )
}


def order_by(
    topic: str, sorting: Sorting, conditions: list[str], parameters: list[object]
) -> tuple[str, str]:
    """Return where to read from and the ORDER BY, and add to the conditions where the page goes on.

    The field is one of a fixed set; the key decides among equals and turns round with the order.
    """
    assert sorting.field.isidentifier(), sorting.field
    missing = "''" if isinstance(sorting.missing, str) else str(sorting.missing)
    in_document = f"coalesce(json_extract(value, '$.{sorting.field}'), {missing})"
    kept = _KEPT.get((topic, sorting.field))
    field, key, tables = kept or (in_document, "key", "documents")
    if sorting.least is not None:
        conditions.append(f"{field} >= ?")
        parameters.append(sorting.least)
    if sorting.past is not None:
        conditions.append(f"({field}, {key}) {'<' if sorting.descending else '>'} (?, ?)")
        parameters += [sorting.past, sorting.past_key]
    direction = "DESC" if sorting.descending else "ASC"
    return tables, f"{field} {direction}, {key} {direction}"


def between_edges(
    conditions: list[str],
    parameters: list[object],
    after: int,
    before: int,
    beyond_key: str,
    newest_first: bool,
) -> None:
    """Keep to what was changed after and before these seqs; see `Query.documents`."""
    for sign, edge, pages_on in ((">", after, not newest_first), ("<", before, newest_first)):
        if edge and pages_on and beyond_key:
            conditions.append(f"(seq {sign} ? OR (seq = ? AND key > ?))")
            parameters += [edge, edge, beyond_key]
        elif edge:
            conditions.append(f"seq {sign} ?")
            parameters.append(edge)
