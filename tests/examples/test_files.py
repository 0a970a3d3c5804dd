"""The examples of a single file, loaded as a monitor loads what is in its folder of plugins."""

from __future__ import annotations

import json
import os
import runpy
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from testkit.payloads import Talk
from testkit.stage import Stage
from testkit.wire import post

from claude_mpm_monitor import DecodeError, Monitor, Raw
from claude_mpm_monitor.storage.event_filter import EventFilter

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
#: The other one is a program.
FILES = sorted(path.stem for path in EXAMPLES.glob("*.py") if path.stem != "count_events")
CARD, NO_CARD = "4111 1111 1111 1111", "4111 1111 1111 1112"

Start = Callable[..., Monitor]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a monitor with an example in its folder of plugins, and with settings for it."""
    with ExitStack() as stack:

        def start(name: str, settings: str = "") -> Monitor:
            folder = tmp_path / "home" / "plugins"
            folder.mkdir(parents=True)
            shutil.copy(EXAMPLES / f"{name}.py", folder)
            (tmp_path / "home" / "plugins.toml").write_text(settings)
            return stack.enter_context(Monitor(home=tmp_path / "home", port=0))

        yield start


def names_of(name: str) -> dict[str, Any]:
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))


@pytest.mark.parametrize("name", FILES)
def test_a_monitor_loads_the_file(name: str, start: Start) -> None:
    (state,) = [one for one in start(name).plugins.states() if one["name"] == name]

    assert (state["state"], state["error"]) == ("active", "")


REPORT = """\
<?xml version="1.0"?>
<testsuites><testsuite name="pytest" timestamp="2026-03-01T10:00:00+00:00" tests="3">
  <testcase classname="shop.test_price" name="test_sum" time="0.5"/>
  <testcase classname="shop.test_price" name="test_tax" time="1.25">
    <failure message="assert 1 == 2">where it was</failure></testcase>
  <testcase classname="shop.test_price" name="test_later" time="0"><skipped/></testcase>
</testsuite></testsuites>
"""


def test_the_tests_of_a_report_are_events_once(start: Start, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    importer = names_of("import_junit")["JUnitReports"]()
    assert importer.reads(report)

    monitor = start("import_junit")
    outcomes = [monitor.ingest_many(list(importer.read(report)))[0] for _ in range(2)]

    assert [(one.stored, one.duplicate) for one in outcomes] == [(3, 0), (0, 3)]
    events = monitor.query.events(EventFilter(newest_first=False), payloads=True)
    assert [(event.kind, event.summary) for event in events] == [
        ("TestPassed", "shop.test_price.test_sum"),
        ("TestFailed", "shop.test_price.test_tax"),
        ("TestSkipped", "shop.test_price.test_later"),
    ]
    assert events[1].at - events[0].at == 1_250_000
    assert events[1].data()["message"] == "assert 1 == 2"


@pytest.mark.parametrize("body", [b"no XML", b"<html/>", b"<testsuite"])
def test_what_is_no_report_is_told_with_a_reason(body: bytes) -> None:
    decoder = names_of("import_junit")["JUnitDecoder"]()

    with pytest.raises(DecodeError, match=r"no XML|was expected"):
        decoder.decode(Raw(dialect="junit", body=body, at=1, source="junit"))


def test_numbers_of_cards_are_stored_nowhere(start: Start) -> None:
    monitor = start("card_numbers")
    text = f"pay with {CARD}, not {NO_CARD}"
    assert post(monitor.port, "/hooks/claude", Talk().prompt(text)).status == 204

    (event,) = monitor.query.events(EventFilter(), payloads=True)
    assert event.data()["prompt"] == f"pay with 9999 9999 9999 1111, not {NO_CARD}"
    assert CARD.encode() not in event.payload
    assert monitor.status()["counters"]["redacted"] == 1


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (b'{"n": 4111111111111111}', b'{"n": 9999999999991111}'),
        (b"3782-822463-10005", b"9999-999999-90005"),
        (b"5555555555554444.", b"9999999999994444."),
        (b"id-4111111111111111", b"id-4111111111111111"),
        (b"4111111111111111.5", b"4111111111111111.5"),
        (b"41111111111111110", b"41111111111111110"),
        (b"1700000000000000", b"1700000000000000"),
    ],
)
def test_what_is_a_cards_number_and_what_only_looks_like_one(text: bytes, hidden: bytes) -> None:
    redactor = names_of("card_numbers")["CardNumbers"]()

    once, _ = redactor.redact(text)

    assert once == hidden
    assert redactor.redact(once)[0] == once


@pytest.mark.parametrize("relative", [False, True])
def test_a_session_in_a_worktree_belongs_to_its_repository(
    relative: bool, start: Start, tmp_path: Path
) -> None:
    repository, worktree = tmp_path / "shop", tmp_path / "shop-fix"
    private = repository / ".git" / "worktrees" / "fix"
    private.mkdir(parents=True)
    (private / "HEAD").write_text("ref: refs/heads/fix\n")
    (worktree / "src").mkdir(parents=True)
    pointer = os.path.relpath(private, worktree) if relative else private
    (worktree / ".git").write_text(f"gitdir: {pointer}\n")
    monitor = start("worktrees")

    for name, folder in (("a", worktree / "src"), ("b", repository), ("c", tmp_path)):
        started = {**Talk(name).start(), "cwd": str(folder)}
        assert post(monitor.port, "/hooks/claude", started).status == 204

    events = monitor.query.events(EventFilter(newest_first=False))
    assert [(event.project, event.branch) for event in events] == [
        (str(repository / "src"), "fix"),
        (str(repository), ""),
        (str(tmp_path), ""),
    ]


def test_folders_of_other_systems_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").write_text("gitdir: /a/.git/worktrees/b\n")

    assert names_of("worktrees")["repository_of"]("C:\\shop") == "C:\\shop"


def test_other_makers_models_cost_what_litellm_says(start: Start, tmp_path: Path) -> None:
    rows = {
        "sample_spec": {"input_cost_per_token": 0, "mode": "chat"},
        "gpt-9": {"input_cost_per_token": 1.25e-06, "output_cost_per_token": 1e-05},
        "glm-x": {
            "input_cost_per_token": 6e-07,
            "output_cost_per_token": 2.2e-06,
            "cache_read_input_token_cost": 1.123456e-07,
        },
        # A quarter more, as Anthropic takes for writing to a cache, would have five decimals.
        "odd": {"input_cost_per_token": 1.375e-06, "output_cost_per_token": 1e-05},
        "claude-opus-5": {"input_cost_per_token": 1, "output_cost_per_token": 1},
    }
    table = tmp_path / "table.json"
    table.write_text(json.dumps(rows))

    prices = start("litellm_prices", f'[litellm_prices]\nfile = "{table}"\n').plugins.prices

    rates = {}
    for name in ("gpt-9", "glm-x", "odd"):
        model = prices.find(name)
        assert model is not None
        assert model.source == "LiteLLM (table.json)"
        rates[name] = model.periods[0].tiers[0].rates
    assert (rates["gpt-9"].input, rates["gpt-9"].output) == (1_250_000, 10_000_000)
    assert rates["gpt-9"].cache_read == rates["gpt-9"].input
    assert rates["glm-x"].cache_read == 112_300
    assert rates["odd"].cache_write_5m == rates["odd"].cache_write_1h == 1_375_000
    known = prices.find("claude-opus-5")
    assert known is not None
    assert not known.source.startswith("LiteLLM")


def test_a_run_is_a_line_and_claude_knows_the_dashboard(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    folder = tmp_path / "monitor" / "plugins"
    folder.mkdir(parents=True)
    shutil.copy(EXAMPLES / "run_journal.py", folder)

    stage.python(
        """
        import sys
        from claude_mpm_monitor.host.takeover import run_claude
        sys.exit(run_claude(sys.argv[1:]))
        """,
        "hello",
    )

    (line,) = (tmp_path / "monitor" / "runs.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["directory"], told["exit_codes"]) == (os.path.realpath(tmp_path), [7])
    assert told["arguments"][-1] == "hello"
    assert told["minutes"] < 1
    assert stage.variables()["DASHBOARD_URL"].startswith("http://localhost:")
