"""What else stands below ``projects``, and files that change while they are read."""

from __future__ import annotations

import codecs
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from claude_mpm_monitor.ingest import importer
from claude_mpm_monitor.ingest.importer import Bookmark, Importer, Progress, Receipt
from claude_mpm_monitor.ingest.transcript import decode_line
from claude_mpm_monitor.model.event import Raw

NOBODY = 65534


class Store:
    """Takes batches, keeps bookmarks, and does something to the disk after the first batch."""

    def __init__(self) -> None:
        self.known: dict[str, Raw] = {}
        self.bookmarks: dict[str, Bookmark] = {}
        self.meanwhile: Callable[[], object] | None = None

    def submit(self, raws: list[Raw]) -> Receipt:
        told = {event.event_id: raw for raw in raws for event in decode_line(raw)}
        new = len(told.keys() - self.known.keys())
        self.known.update(told)
        act, self.meanwhile = self.meanwhile, None
        if act is not None:
            act()
        return Receipt(stored=new, duplicate=len(told) - new)

    def get(self, path: str) -> Bookmark | None:
        return self.bookmarks.get(path)

    def set(self, path: str, bookmark: Bookmark) -> None:
        self.bookmarks[path] = bookmark


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(importer, "BATCH_LINES", 2)
    monkeypatch.setattr(importer, "READ_BYTES", 128)
    return Store()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "projects" / "-work"
    folder.mkdir(parents=True)
    return folder


def lines(*numbers: int) -> bytes:
    told = ({"type": "user", "uuid": f"u{n}", "sessionId": "s1"} for n in numbers)
    return b"".join(json.dumps(line).encode() + b"\n" for line in told)


def run(project: Path, store: Store) -> Progress:
    return list(Importer([project.parent], store.submit, store).run())[-1]


def names(store: Store) -> list[str]:
    return sorted(json.loads(raw.body)["uuid"] for raw in store.known.values())


def test_a_folder_called_like_a_transcript_is_told_and_holds_nothing_up(
    project: Path, store: Store
) -> None:
    (project / "folder.jsonl").mkdir()
    (project / "s1.jsonl").write_bytes(lines(1))

    done = run(project, store)

    assert names(store) == ["u1"]
    assert done.files == done.files_total
    assert all("folder.jsonl: Is a directory" in problem for problem in done.problems)


@pytest.fixture
def bound_by_modes() -> Iterator[Path]:
    """A folder of a user whom the modes of files bind, as whom the test goes on."""
    privileged = os.geteuid() == 0
    with TemporaryDirectory() as name:
        if privileged:
            os.chown(name, NOBODY, -1)
            os.seteuid(NOBODY)
        yield Path(name)
        if privileged:
            os.seteuid(0)


def test_what_its_reader_may_not_read_is_told_and_the_rest_comes_in(
    bound_by_modes: Path, store: Store
) -> None:
    project, closed = bound_by_modes / "-work", bound_by_modes / "-closed"
    for folder in (project, closed):
        folder.mkdir()
        for number in (1, 2):
            (folder / f"s{number}.jsonl").write_bytes(lines(number))
    (project / "s1.jsonl").chmod(0)
    closed.chmod(0)
    done = run(project, store)
    closed.chmod(0o700)

    assert names(store) == ["u2"]
    assert [p.endswith("s1.jsonl: Permission denied") for p in done.problems] == [True]


def test_links_that_lead_nowhere_or_in_circles_are_passed_over(project: Path, store: Store) -> None:
    (project / "s1.jsonl").write_bytes(lines(1))
    (project / "gone.jsonl").symlink_to(project / "missing.jsonl")
    (project / "self.jsonl").symlink_to(project / "self.jsonl")
    (project / "circle").symlink_to(project.parent)
    agents = project / "s1" / "subagents"
    agents.mkdir(parents=True)
    (agents / "again").symlink_to(agents)
    (agents / "agent-a.jsonl").write_bytes(lines(2))

    done = run(project, store)

    assert names(store) == ["u1", "u2"]
    assert (done.problems, done.stored) == ([], 2)


def test_a_session_that_lies_in_two_projects_comes_in_once(project: Path, store: Store) -> None:
    other = project.parent / "-elsewhere"
    other.mkdir()
    for folder in (project, other):
        (folder / "s1.jsonl").write_bytes(lines(1, 2, 3))
    (other / "link.jsonl").symlink_to(project / "s1.jsonl")

    done = run(project, store)

    assert (done.lines, done.stored, done.duplicate) == (9, 3, 6)


def test_what_a_file_gains_while_it_is_read_comes_in_once(project: Path, store: Store) -> None:
    session = project / "s1.jsonl"
    session.write_bytes(lines(*range(10, 60)))

    def grow() -> None:
        with session.open("ab") as file:
            file.write(lines(*range(60, 70)))

    store.meanwhile = grow
    run(project, store)
    done = run(project, store)

    assert names(store) == [f"u{number}" for number in range(10, 70)]
    assert done.duplicate == 0


@pytest.mark.parametrize("written", [range(90, 91), range(70, 90)])
def test_a_file_written_anew_while_it_is_read_is_read_from_the_start_the_next_time(
    written: range, project: Path, store: Store
) -> None:
    session = project / "s1.jsonl"
    session.write_bytes(lines(*range(10, 60)))
    store.meanwhile = lambda: session.write_bytes(lines(*written))
    run(project, store)
    done = run(project, store)

    assert done.problems == []
    assert {f"u{number}" for number in written} <= set(names(store))


def test_a_file_replaced_or_deleted_while_it_is_read_gives_all_that_it_was(
    project: Path, store: Store, tmp_path: Path
) -> None:
    session, other = project / "s1.jsonl", tmp_path / "other"
    session.write_bytes(lines(*range(10, 60)))
    other.write_bytes(lines(*range(80, 99)))
    store.meanwhile = lambda: os.replace(other, session)
    run(project, store)
    store.meanwhile = session.unlink
    done = run(project, store)

    assert names(store) == [f"u{number}" for number in (*range(10, 60), *range(80, 99))]
    assert done.problems == []


def test_a_file_deleted_before_its_turn_is_told(project: Path, store: Store) -> None:
    for number in (1, 2):
        (project / f"s{number}.jsonl").write_bytes(codecs.BOM_UTF8 + lines(number))
        os.utime(project / f"s{number}.jsonl", (number, number))
    store.meanwhile = (project / "s2.jsonl").unlink

    done = run(project, store)

    assert [p.endswith("s2.jsonl: No such file or directory") for p in done.problems] == [True]
    assert (done.files, names(store)) == (2, ["u1"])
