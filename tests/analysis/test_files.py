"""Files: what was done to them."""

from __future__ import annotations

from testkit.analysis import Told
from testkit.payloads import Talk

TALK = Talk()


def test_only_calls_that_succeeded_count() -> None:
    told = Told(
        [
            TALK.pre("u-1", "Read", file_path="/f"),
            TALK.post("u-1", "Read", file_path="/f"),
            TALK.pre("u-2", "Edit", file_path="/f", old_string="a", new_string="b"),
            TALK.failure("u-2", "Edit", file_path="/f"),
            TALK.pre("u-3", "Write", file_path="/g", content="x"),
        ]
    )

    assert set(told.all("file")) == {"s-1//f"}
    assert (told.file("/f")["reads"], told.file("/f")["edits"]) == (1, 0)
    assert told.session()["files"] == 1


def test_lines_are_counted_from_the_patch_when_there_is_one() -> None:
    patch = [{"lines": [" same", "-old", "+new", "+newer"]}, {"lines": ["+last"]}]
    given = {"file_path": "/f", "old_string": "old", "new_string": "new"}
    told = Told(
        [
            TALK.pre("u-1", "Edit", **given),
            TALK.post("u-1", "Edit", response={"structuredPatch": patch}, **given),
        ]
    )

    assert (told.file("/f")["added"], told.file("/f")["removed"]) == (3, 1)


def test_lines_are_counted_from_the_input_otherwise() -> None:
    edits = [{"old_string": "a\nb", "new_string": "c"}, {"old_string": "", "new_string": "d\ne\n"}]
    told = Told(
        [
            TALK.pre("u-1", "MultiEdit", file_path="/f", edits=edits),
            TALK.post("u-1", "MultiEdit", file_path="/f", edits=edits),
        ]
    )

    assert (told.file("/f")["added"], told.file("/f")["removed"]) == (3, 2)


def test_a_call_is_counted_once_however_often_it_is_told() -> None:
    told = [
        TALK.pre("u-1", "Write", file_path="/f", content="1"),
        TALK.post("u-1", "Write", file_path="/f", content="1"),
        TALK.batch(("u-1", "Write", "written")),
    ]

    assert Told(told * 3).file("/f")["writes"] == 1


def test_a_result_before_its_call_counts_too() -> None:
    told = Told(
        [
            TALK.post("u-1", "Read", file_path="/f"),
            TALK.pre("u-1", "Read", file_path="/f"),
        ]
    )

    assert told.file("/f")["reads"] == 1


def test_a_file_knows_who_touched_it_and_how_last() -> None:
    told = Told(
        [
            TALK.pre("u-1", "Read", file_path="/f"),
            TALK.post("u-1", "Read", file_path="/f"),
            TALK.pre("u-2", "Write", agent="a", file_path="/f", content=""),
            TALK.post("u-2", "Write", agent="a", file_path="/f", content=""),
        ]
    )

    file = told.file("/f")
    assert (file["agents"], file["tool_use_ids"]) == (["", "a"], ["u-1", "u-2"])
    assert (file["last_operation"], file["last_seq"]) == ("write", 4)


def test_the_memory_of_calls_is_bounded() -> None:
    told = Told()
    for number in range(80):
        use = f"u-{number}"
        told.tell(TALK.pre(use, "Read", file_path="/f"), TALK.post(use, "Read", file_path="/f"))

    assert len(told.file("/f")["tool_use_ids"]) == 50
    assert told.file("/f")["reads"] == 80
