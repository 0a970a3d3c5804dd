"""Spans in lanes: what is too short for the screen is merged, and nothing is lost by it."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.reporting.timeline.lane import CHUNK, Lane
from claude_mpm_monitor.reporting.timeline.spans import OPEN, Span, merged

STATUSES = ("ok", "unknown", "running", "interrupted", "denied", "error")


class Told(NamedTuple):
    """A span as it is stored, with names."""

    start: int
    key: str
    end: int
    status: str
    name: str = "Bash"
    waits: tuple[tuple[int, int, str, bool], ...] = ()


def _spans(times: list[tuple[int, int | None, int]]) -> list[Told]:
    return [
        Told(start, f"k{number}", OPEN if length is None else start + length, STATUSES[rank])
        for number, (start, length, rank) in enumerate(times)
    ]


many_spans = st.lists(
    st.tuples(st.integers(0, 5_000), st.one_of(st.none(), st.integers(0, 400)), st.integers(0, 5)),
    max_size=80,
).map(_spans)


@given(many_spans, st.integers(0, 5_000), st.integers(1, 3_000), st.integers(0, 9))
def test_every_span_of_the_window_is_told_alone_or_in_a_merged_one(
    told: list[Told], since: int, length: int, level: int
) -> None:
    until = since + length
    wanted = [s for s in told if s.start < until and (s.end > since or s.start >= since)]

    found, _ = Lane(4, told).between(since, until, level)

    for span in wanted:
        assert any(
            each.start <= span.start
            and each.end >= span.end
            and each.number >= 1
            and STATUSES.index(each.status) >= STATUSES.index(span.status)
            for each in found
        ), span
    alone = {each.key for each in found if each.number == 1}
    assert {s.key for s in wanted if s.end - s.start >= 1 << level} <= alone


@given(many_spans, st.integers(0, 12))
def test_counts_add_up_at_every_resolution(told: list[Told], level: int) -> None:
    found, _ = Lane(4, told).between(0, OPEN, level)

    assert sum(each.number for each in found) == len(told)
    worst = {each.status for each in found}
    assert not told or max(map(STATUSES.index, worst)) == max(
        STATUSES.index(span.status) for span in told
    )


@given(many_spans, many_spans, st.sets(st.integers(0, 79)))
def test_a_lane_that_was_changed_equals_one_made_anew(
    told: list[Told], later: list[Told], gone: set[int]
) -> None:
    lane = Lane(4, told)
    lane.between(0, OPEN, 3)
    for span in later:
        lane.put(span)
    for number in gone:
        lane.remove(f"k{number}")
    known = {span.key: span for span in (*told, *later)}
    for number in gone:
        known.pop(f"k{number}", None)

    made = Lane(4, known.values())

    for level in (0, 3, 8):
        assert lane.between(0, OPEN, level) == made.between(0, OPEN, level)
    assert lane.extent() == made.extent()
    assert len(lane) == len(made)


def merged_in_pairs(spans: list[Span], resolution: int) -> list[Span]:
    found: list[Span] = []
    for span in spans:
        whole = span.end - span.start >= resolution
        for number, one in enumerate(found):
            joins = one.end - one.start < resolution or one.number > 1
            if whole or not joins or one.row != span.row:
                continue
            if one.start // resolution == span.start // resolution:
                found[number] = one._replace(
                    end=max(one.end, span.end),
                    status=max(one.status, span.status, key=STATUSES.index),
                    number=one.number + span.number,
                    name=one.name if one.name == span.name else "",
                    critical=one.critical or span.critical,
                )
                break
        else:
            found.append(span)
    return found


laid_spans = st.lists(
    st.builds(
        lambda start, length, row, status, name, critical: Span(
            start, start + length, row, status, 1, name, f"k{start}", critical
        ),
        st.integers(0, 500),
        st.integers(0, 40),
        st.integers(0, 3),
        st.sampled_from(STATUSES),
        st.sampled_from(("Bash", "Read")),
        st.booleans(),
    ),
    max_size=60,
).map(sorted)


@given(laid_spans, st.integers(0, 9))
def test_merging_is_merging_one_by_one(spans: list[Span], level: int) -> None:
    assert merged(spans, 1 << level) == merged_in_pairs(spans, 1 << level)


@given(many_spans, st.integers(1, 5))
def test_a_span_is_in_the_first_row_that_is_free_or_else_in_the_one_free_soonest(
    told: list[Told], rows: int
) -> None:
    ends: list[int] = []
    expected = {}
    for span in sorted(told):
        free = [row for row, end in enumerate(ends) if end <= span.start]
        if not free and len(ends) < rows:
            free = [len(ends)]
            ends.append(0)
        row = free[0] if free else ends.index(min(ends))
        ends[row] = max(ends[row], span.end)
        expected[span.key] = row
    lane = Lane(rows, told)

    found = {key: span.row for key in expected if (span := lane.span(key)) is not None}

    assert found == expected


def test_spans_of_many_chunks_merge_as_if_there_were_one() -> None:
    told = [Told(10 * n, f"k{n:05}", 10 * n + 5, "ok", "Bash") for n in range(3 * CHUNK)]
    lane = Lane(4, told)

    (merged,), _ = lane.between(0, OPEN, 20)
    fine, _ = lane.between(0, OPEN, 6)

    assert merged.number == 3 * CHUNK
    assert sum(each.number for each in fine) == 3 * CHUNK
    assert len({each.start // 64 for each in fine}) == len(fine)


def test_no_two_spans_of_a_row_overlap_while_there_are_rows() -> None:
    told = [Told(start, f"k{start}", start + 25, "ok", "Bash") for start in range(0, 300, 10)]

    spans, _ = Lane(8, told).between(0, 1_000, 0)

    for row in {span.row for span in spans}:
        ends = 0
        for span in (each for each in spans if each.row == row):
            assert span.start >= ends
            ends = span.end
    assert {span.row for span in spans} == {0, 1, 2}


def test_the_critical_path_leads_from_the_last_end_backwards() -> None:
    told = [
        Told(0, "first", 10, "ok", "Read"),
        Told(12, "short", 20, "ok", "Read"),
        Told(12, "long", 40, "ok", "Bash"),
        Told(45, "last", 50, "ok", "Edit"),
    ]

    spans, _ = Lane(8, told).between(0, 100, 0)

    assert {span.key for span in spans if span.critical} == {"first", "long", "last"}


def test_waits_are_in_the_row_of_their_call() -> None:
    told = [
        Told(0, "one", 100, "ok", "Bash"),
        Told(5, "two", 90, "ok", "Bash", ((10, 60, "permission", True),)),
    ]

    _, waits = Lane(8, told).between(0, 100, 0)
    _, coarse = Lane(8, told).between(0, 100, 7)

    assert [(wait.since, wait.until, wait.row) for wait in waits] == [(10, 60, 1)]
    assert coarse == []
