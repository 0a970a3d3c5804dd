"""The spool: what nobody could take, until somebody can."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testkit.payloads import Talk, body

from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline.drain import Drain
from claude_mpm_monitor.pipeline.spool import WRITING_SECONDS, Spool

from .conftest import NOW, Line

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def leave(folder: Path, name: str, content: bytes, *, age: float = 0.0) -> Path:
    path = folder / f"{name}.ev"
    path.write_bytes(content)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def hook_file(name: str, payload: bytes) -> bytes:
    """As the command hook writes it."""
    return f"{name} {NOW} {len(payload)}\n".encode() + payload


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=50),
    delivery_id=text,
    source=text,
    channel=text,
    origin=text,
)
def test_what_is_saved_is_found_as_it_was(
    line: Line, content: bytes, delivery_id: str, **fields: str
) -> None:
    raw = Raw(dialect="api", body=content, at=NOW, delivery_id=delivery_id, **fields)

    line.spool.save(raw)

    (found,) = line.spool.waiting()
    found.path.unlink()
    assert found.problem == ""
    assert (found.raw.dialect, found.raw.body, found.raw.at) == ("api", content, NOW)
    assert (found.raw.source, found.raw.channel, found.raw.origin) == tuple(fields.values())


@pytest.mark.parametrize("name", ["../../outside", "/etc/passwd", "a b\nc", "", ".", "x" * 500])
def test_a_sender_cannot_choose_where_the_file_goes(line: Line, name: str) -> None:
    line.spool.save(Raw(dialect="api", body=b"x", at=NOW, source="api", delivery_id=name))

    (found,) = line.spool.folder.iterdir()
    assert found.parent == line.spool.folder
    assert found.stat().st_mode & 0o777 == 0o600


def test_a_file_of_the_command_hook_is_a_hook_delivery(line: Line) -> None:
    leave(line.spool.folder, "d-1", hook_file("d-1", body(Talk().start())))

    line.drain()

    assert line.kinds() == ["SessionStart"]
    assert line.spool.backlog() == 0


def test_a_delivery_that_came_by_both_ways_is_one(line: Line) -> None:
    payload = body(Talk().start())
    line.send(payload, source="command_hook", delivery_id="d-1")
    leave(line.spool.folder, "d-1", hook_file("d-1", payload))

    line.drain()

    assert line.kinds() == ["SessionStart"]
    assert line.spool.backlog() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header",
        b"d-1 x 5\nhello",
        b"d-1 5\nhello",
        b"d-1 1 -5\nhello",
        b"d-1 1 50\ncut off",
        b"d-1 1 5 api\nhello",
        b"\xff\xfe 1 5\nhello",
    ],
)
def test_a_damaged_file_is_left_alone_while_young_and_a_dead_letter_when_old(
    line: Line, content: bytes
) -> None:
    path = leave(line.spool.folder, "young", content)
    line.drain()
    assert path.exists()

    leave(line.spool.folder, "young", content, age=WRITING_SECONDS + 1)
    line.drain()

    assert not path.exists()
    (letter,) = line.query.dead_letters()
    assert letter["body"] == content
    assert "spool file" in letter["reason"]
    assert line.stats.snapshot()["rejected"] == 1


def test_the_oldest_comes_first(line: Line) -> None:
    for age, kind in ((3, "old"), (1, "new"), (2, "middle")):
        leave(line.spool.folder, kind, hook_file(kind, body(Talk().say(kind))), age=age)

    line.drain()

    assert line.kinds() == ["old", "middle", "new"]


def test_a_folder_that_looks_like_a_delivery_is_in_nobodys_way(line: Line) -> None:
    (line.spool.folder / "folder.ev").mkdir()
    leave(line.spool.folder, "d-1", hook_file("d-1", body(Talk().start())))

    line.drain()

    assert line.kinds() == ["SessionStart"]


def test_a_time_that_no_date_has_makes_a_dead_letter(line: Line) -> None:
    payload = body(Talk().start())
    leave(line.spool.folder, "d", f"d 9999999999999999999 {len(payload)}\n".encode() + payload)

    line.drain()

    assert line.query.totals() == {"events": 0, "dead_letters": 1}


def test_two_processes_that_drain_one_spool_store_everything_once(tmp_path: Path) -> None:
    lines = [Line(tmp_path / "home"), Line(tmp_path / "home")]
    for number in range(30):
        name = f"d-{number}"
        leave(lines[0].spool.folder, name, hook_file(name, body(Talk().say("Same"))))
    listed = [list(line.spool.waiting()) for line in lines]
    assert [len(found) for found in listed] == [30, 30]

    for line, found in zip(lines, listed, strict=True):
        drain = Drain(line.spool, line.intake, line.stats, line.log)
        for spooled in found:
            assert drain._hand_over(spooled)

    assert lines[0].query.totals()["events"] == 30
    assert sum(line.stats.snapshot()["recovered"] for line in lines) == 30
    for line in lines:
        line.close()


def test_an_empty_or_missing_spool_is_nothing_special(tmp_path: Path) -> None:
    assert list(Spool(tmp_path / "nowhere").waiting()) == []


def test_what_hooks_gave_up_is_counted_and_they_may_go_on(line: Line) -> None:
    (line.spool.folder / "full").write_bytes(b"...")

    line.drain()

    assert line.stats.snapshot()["dropped"] == 3
    assert not (line.spool.folder / "full").exists()
