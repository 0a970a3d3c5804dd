"""Importing transcripts from disk, again and again."""

from __future__ import annotations

import codecs
import json
import os
import threading
from pathlib import Path

import pytest

from claude_mpm_monitor.ingest import importer
from claude_mpm_monitor.ingest.importer import Bookmark, Importer, Progress, Receipt
from claude_mpm_monitor.ingest.transcript import decode_line
from claude_mpm_monitor.model.event import Raw

BOM = codecs.BOM_UTF8


class Store:
    """A store's side of the import: takes batches, keeps bookmarks, counts what is new."""

    def __init__(self) -> None:
        self.raws: list[Raw] = []
        self.known: set[str] = set()
        self.bookmarks: dict[str, Bookmark] = {}
        self.broken = False

    def submit(self, raws: list[Raw]) -> Receipt:
        if self.broken:
            raise OSError(28, "No space left on device")
        self.raws += raws
        ids = [event.event_id for raw in raws for event in decode_line(raw)]
        new = len(set(ids) - self.known)
        self.known.update(ids)
        return Receipt(stored=new, duplicate=len(ids) - new)

    def get(self, path: str) -> Bookmark | None:
        return self.bookmarks.get(path)

    def set(self, path: str, bookmark: Bookmark) -> None:
        self.bookmarks[path] = bookmark


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def projects(tmp_path: Path) -> Path:
    folder = tmp_path / "projects"
    (folder / "-work" / "s1" / "subagents").mkdir(parents=True)
    return folder


def text(number: int, size: int = 1) -> bytes:
    stamp = f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}Z"
    said = "x" * size
    fields = {"type": "user", "uuid": f"u{number}", "timestamp": stamp}
    return json.dumps({**fields, "message": {"content": said}}, separators=(",", ":")).encode()


def lines(*numbers: int) -> bytes:
    return b"".join(text(number) + b"\n" for number in numbers)


def run(projects: Path, store: Store) -> Progress:
    return list(Importer([projects], store.submit, store).run())[-1]


def test_every_line_comes_in_once_and_what_is_added_later_follows(
    projects: Path, store: Store
) -> None:
    session = projects / "-work" / "s1.jsonl"
    session.write_bytes(lines(1, 2))
    first = run(projects, store)
    nothing = run(projects, store)
    with session.open("ab") as file:
        file.write(lines(3))
    more = run(projects, store)

    assert (first.files, first.lines, first.stored) == (1, 2, 2)
    assert nothing.lines == 0
    assert (more.lines, more.stored) == (1, 1)
    assert [raw.body for raw in store.raws] == [text(1), text(2), text(3)]


def test_a_line_still_being_written_waits_for_its_end(projects: Path, store: Store) -> None:
    session = projects / "-work" / "s1.jsonl"
    session.write_bytes(lines(1) + text(2)[:20])
    run(projects, store)
    assert [raw.body for raw in store.raws] == [text(1)]

    session.write_bytes(lines(1, 2))
    run(projects, store)

    assert [raw.body for raw in store.raws] == [text(1), text(2)]


def test_a_last_line_that_merely_lacks_its_end_comes_in_once(projects: Path, store: Store) -> None:
    session = projects / "-work" / "s1.jsonl"
    session.write_bytes(lines(1) + text(2))
    run(projects, store)
    session.write_bytes(lines(1, 2, 3))
    run(projects, store)

    assert [raw.body for raw in store.raws] == [text(1), text(2), text(3)]


def test_a_file_that_shrank_or_was_replaced_is_read_from_the_start_and_stored_once(
    projects: Path, store: Store, tmp_path: Path
) -> None:
    session = projects / "-work" / "s1.jsonl"
    session.write_bytes(lines(1, 2, 3))
    run(projects, store)
    session.write_bytes(lines(1, 2))
    shrunk = run(projects, store)
    other = tmp_path / "other"
    other.write_bytes(lines(1, 2, 3, 4))
    os.replace(other, session)
    replaced = run(projects, store)

    assert (shrunk.lines, shrunk.stored, shrunk.duplicate) == (2, 0, 2)
    assert (replaced.lines, replaced.stored, replaced.duplicate) == (4, 1, 3)


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_byte_order_mark_before_every_line_changes_nothing(
    end: bytes, projects: Path, store: Store
) -> None:
    session = projects / "-work" / "s1.jsonl"
    session.write_bytes(BOM + text(1) + b"\n" + BOM + b"\n" + BOM + text(2) + end)
    (projects / "-work" / "s1" / "subagents" / "agent-a.meta.json").write_bytes(BOM + b"{}")
    run(projects, store)
    nothing = run(projects, store)

    assert sorted(raw.body for raw in store.raws) == sorted([text(1), text(2), b"{}"])
    assert nothing.lines == 0


@pytest.mark.parametrize("mark", [b"", BOM])
def test_a_line_read_before_another_was_joined_to_it_is_the_same_afterwards(
    mark: bytes, projects: Path, store: Store
) -> None:
    session = projects / "-work" / "s1.jsonl"
    first, second = (b'{"type":"mode","sessionId":"s1","mode":"%s"}' % m for m in (b"a", b"b"))
    session.write_bytes(mark + first)
    run(projects, store)
    session.write_bytes(mark + first + mark + second + b"\n")
    run(projects, store)
    known = set(store.known)
    store.bookmarks.clear()
    again = run(projects, store)

    assert (len(known), again.stored, again.duplicate) == (2, 0, 2)


def test_agents_files_come_in_with_their_meta_files_which_may_change(
    projects: Path, store: Store
) -> None:
    agents = projects / "-work" / "s1" / "subagents"
    (agents / "agent-a1.jsonl").write_bytes(lines(1))
    meta = agents / "agent-a1.meta.json"
    meta.write_text('{"agentType":"Explore"}')
    first = run(projects, store)
    meta.write_text('{"agentType":"Explore","finished":true}')
    second = run(projects, store)

    assert (first.files, first.stored) == (2, 2)
    assert (second.lines, second.stored) == (1, 1)


def test_a_line_without_time_gets_that_of_the_line_before(projects: Path, store: Store) -> None:
    session = projects / "-work" / "s1.jsonl"
    session.write_bytes(b'{"type":"mode"}\n' + lines(60) + b'{"type":"mode"}\n')
    os.utime(session, ns=(5_000_000, 5_000_000))
    run(projects, store)

    before, _, after = (raw.at for raw in store.raws)
    assert before == 5_000
    assert after == 1_767_225_660_000_000


def test_a_batch_that_could_not_be_committed_is_tried_again_next_time(
    projects: Path, store: Store
) -> None:
    (projects / "-work" / "s1.jsonl").write_bytes(lines(1))
    store.broken = True
    failed = run(projects, store)
    store.broken = False
    again = run(projects, store)

    (problem,) = failed.problems
    assert problem.endswith("s1.jsonl: No space left on device")
    assert (failed.stored, again.stored) == (0, 1)


def test_a_cancelled_import_goes_on_where_it_stopped(
    projects: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH_LINES", 2)
    (projects / "-work" / "s1.jsonl").write_bytes(lines(1, 2, 3, 4, 5))
    cancel = threading.Event()
    for _ in Importer([projects], store.submit, store).run(cancel):
        cancel.set()
    assert len(store.raws) == 2

    run(projects, store)

    assert [raw.body for raw in store.raws] == [text(n) for n in (1, 2, 3, 4, 5)]


def test_progress_counts_files_and_bytes_up_to_their_totals(
    projects: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "READ_BYTES", 64)
    monkeypatch.setattr(importer, "BATCH_BYTES", 300)
    for name in ("s1", "s2"):
        content = b"\n".join([text(1, 500), b"", text(2), text(3)]) + b"\n"
        (projects / "-work" / f"{name}.jsonl").write_bytes(content)
    counts = [
        (progress.files, progress.bytes)
        for progress in Importer([projects], store.submit, store).run()
    ]

    total = sum(path.stat().st_size for path in (projects / "-work").glob("*.jsonl"))
    assert counts == sorted(counts)
    assert counts[-1] == (2, total)
    assert len(store.raws) == 6


def test_a_file_named_itself_is_imported_alone(projects: Path, store: Store) -> None:
    session = projects / "-work" / "s1.jsonl"
    session.write_bytes(lines(1))
    (projects / "-work" / "s2.jsonl").write_bytes(lines(2))

    assert run(session, store).files_total == 1


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path, store: Store) -> None:
    assert list(Importer([tmp_path / "missing"], store.submit, store).run()) == []


def test_a_file_whose_name_is_no_text_is_read_like_any_other(store: Store, projects: Path) -> None:
    try:
        path = Path(os.fsdecode(os.fsencode(projects / "-work") + b"/odd\xff.jsonl"))
        path.write_bytes(text(1) + b"\n")
    except OSError:
        pytest.skip("this file system takes names of text only")

    *_, first = Importer([projects], store.submit, store).run()
    again = list(Importer([projects], store.submit, store).run())

    assert first.stored == 1
    assert again[-1].lines == 0
    (name,) = store.bookmarks
    assert name.encode().endswith(rb"odd\xff.jsonl")
    assert store.raws[0].origin.encode().endswith(rb"odd\xff.jsonl#0")
