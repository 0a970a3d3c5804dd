"""Times, sizes and tables as people read them."""

from __future__ import annotations

import pytest

from claude_mpm_monitor.cli import output

NOW = 1_800_000_000.0


def at(seconds_before: float) -> int:
    return int((NOW - seconds_before) * 1_000_000)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"),
        (59, "59 s ago"),
        (119, "119 s ago"),
        (120, "2 min ago"),
        (7_199, "119 min ago"),
        (7_200, "2 h ago"),
        (400_000, "4 days ago"),
    ],
)
def test_a_time_is_told_in_the_largest_unit_that_fits(seconds: int, words: str) -> None:
    assert output.ago(at(seconds), NOW) == words


def test_an_unknown_time_is_a_dash() -> None:
    assert output.ago(None) == "-"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (2_500_000, "2.5 MB"), (3e12, "3000.0 GB")],
)
def test_a_size_is_told_in_the_largest_unit_that_fits(count: int, words: str) -> None:
    assert output.size(count) == words


@pytest.mark.parametrize(
    ("folder", "name"),
    [("/home/dev/shop", "shop"), ("D:\\work\\shop", "shop"), ("/", "/"), ("", "-"), (None, "-")],
)
def test_a_project_is_called_as_its_folder_whatever_system_it_is_from(
    folder: str | None, name: str
) -> None:
    assert output.project_name(folder) == name


def test_control_codes_of_a_payload_do_not_reach_the_terminal() -> None:
    assert output.plain("\x1b[2Jgone\x07\r\u009b1m\ttab") == "�[2Jgone���1m\ttab"


def test_a_table_too_wide_for_the_terminal_keeps_every_column(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "PIPED_WIDTH", 60)

    output.print_table(
        ("session", "~project", ">tools", "~title"),
        [("5e551011", "a-project-with-a-long-name", "12", "A title that goes on and on " * 9)],
    )

    head, _, row = capsys.readouterr().out.strip("\n").splitlines()[1:4]
    assert head.split() == ["session", "project", "tools", "title"]
    assert "5e551011" in row
    assert " 12 " in row
    assert len(row) <= 60
