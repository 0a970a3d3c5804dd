"""`cost`, `show` and `sessions` say what sessions cost, and what is not known of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from claude_mpm_monitor.cli.doctor import prices
from claude_mpm_monitor.cli.money import cost, dollars, tokens
from claude_mpm_monitor.cli.output import span
from claude_mpm_monitor.config import Config

Run = Callable[..., "CompletedProcess[str]"]
Json = dict[str, Any]
SESSION = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
OTHER = "b1d5a5e0-0000-4000-8000-000000000000"


def line(session: str, number: int, kind: str, message: Json, **fields: Any) -> str:
    return json.dumps(
        {
            "type": kind,
            "uuid": f"0f3c8b9e-52c5-4f35-9ad0-{number:012}",
            "sessionId": session,
            "timestamp": f"2026-07-{number:02}T10:00:00.000Z",
            "cwd": "/work/sample",
            "gitBranch": "topic",
            "version": "2.1.330",
            "message": message,
            **fields,
        }
    )


def answer(name: str, model: str = "claude-opus-5", *blocks: Json) -> Json:
    usage = {"input_tokens": 1_000, "output_tokens": 10, "cache_read_input_tokens": 3_000}
    return {"id": name, "model": model, "usage": usage, "content": list(blocks)}


WRITE = {"type": "tool_use", "id": "toolu_1", "name": "Write", "input": {"file_path": "/work/x.py"}}
WRITTEN = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "done"}


@pytest.fixture
def home(tmp_path: Path, private_environment: Path, mpm_monitor: Run) -> Path:
    """A monitor's folder into which two sessions were imported."""
    folder = private_environment / ".claude" / "projects" / "-work-sample"
    folder.mkdir(parents=True)
    lines = [
        line(SESSION, 1, "user", {"content": "Mend it"}),
        line(SESSION, 2, "assistant", answer("m1", "claude-opus-5", WRITE)),
        line(SESSION, 3, "user", {"content": [WRITTEN]}, toolUseResult={"type": "create"}),
        line(SESSION, 4, "assistant", answer("m2", "unheard-of")),
        line(SESSION, 5, "assistant", answer("m3"), agentId="a77", isSidechain=True),
        json.dumps({"type": "cost-state", "sessionId": SESSION, "totalCostUSD": 0.02}),
    ]
    (folder / f"{SESSION}.jsonl").write_text("\n".join(lines) + "\n")
    weak = line(OTHER, 6, "assistant", answer("m4"), version="2.1.30")
    (folder / f"{OTHER}.jsonl").write_text(weak + "\n")
    place = tmp_path / "monitor"
    assert mpm_monitor("import", "--home", place).returncode == 0
    return place


def test_show_tells_all_about_a_session(mpm_monitor: Run, home: Path) -> None:
    result = mpm_monitor("show", SESSION[:6], "--home", home)
    words = " ".join(result.stdout.split())

    assert result.returncode == 0
    assert result.stdout.startswith("Mend it\n")
    for part in (
        f"session {SESSION}",
        "project /work/sample",
        "branch topic",
        "version Claude Code 2.1.330",
        "turns 1",
        "main",
        "a77",
        "Write 1",
        "/work/x.py 1",
        "claude-opus-5 2 2.0k 20 0 6.0k $0.0135",
        "unheard-of 1 1.0k 10 0 3.0k unpriced",
        "total 3 3.0k 30 0 9.0k $0.0135 + unpriced",
        "75% of the prompt tokens came from the cache.",
        "Context: 4.0k tokens at the end, 4.0k at most, never compacted.",
        "Claude Code itself says $0.0200, $0.0065 more:",
        "- calls without a known price are left out",
        "Without a price: unheard-of (1).",
    ):
        assert part in words, part


def test_show_has_json(mpm_monitor: Run, home: Path) -> None:
    report = json.loads(mpm_monitor("show", SESSION, "--json", "--home", home).stdout)

    assert report["session"]["session_id"] == SESSION
    assert [(agent["agent_id"], agent["depth"]) for agent in report["agents"]] == [
        ("", 0),
        ("a77", 1),
    ]
    assert report["agents"][1]["usage"]["usd"]["total"] == "0.00675"
    assert report["tools"] == {"Write": {"ok": 1}}
    assert report["usage"]["reconciliation"]["usd"] == {"stated": "0.02", "difference": "0.0065"}
    assert report["context"] == {"largest": 4_000, "last": 4_000, "compactions": []}


def test_a_session_nobody_knows_is_one_sentence(mpm_monitor: Run, home: Path) -> None:
    result = mpm_monitor("show", "ffff", "--home", home)

    assert result.returncode == 1
    assert result.stderr.startswith("mpm-monitor: No session begins with 'ffff'")


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("project", "/work/sample 4 4.0k 40 0 12.0k ≥ $0.0203 + unpriced"),
        ("agent", "main 3 3.0k 30 0 9.0k ≥ $0.0135 + unpriced"),
        ("model", "unheard-of 1 1.0k 10 0 3.0k unpriced"),
        ("tool", "Write 1 0 10 0 0 $0.0003"),
        ("commit", f"{SESSION[:8]} - (no commit after) 3 3.0k 30 0 9.0k $0.0135 + unpriced"),
        ("day", "2026-07-05 1 1.0k 10 0 3.0k $0.0068"),
        ("session", f"{SESSION[:8]} sample Mend it 3 3.0k 30 0 9.0k $0.0135 + unpriced"),
    ],
)
def test_cost_is_by_what_is_asked(mpm_monitor: Run, home: Path, by: str, expected: str) -> None:
    result = mpm_monitor("cost", "--by", by, "--home", home)
    words = " ".join(result.stdout.split())

    assert result.returncode == 0
    assert expected in words
    assert "total" in words
    assert "Without a price: unheard-of (1)." in words


def test_cost_of_some_days_and_of_one_session(mpm_monitor: Run, home: Path) -> None:
    days = ("--since", "2026-07-05", "--until", "2026-07-05")
    some = json.loads(mpm_monitor("cost", *days, "--json", "--home", home).stdout)
    one = json.loads(
        mpm_monitor("cost", "--by", "day", "--session", "b1", "--json", "--home", home).stdout
    )

    assert some["total"]["usd"]["total"] == "0.00675"
    assert [row["project"] for row in some["costs"]] == ["/work/sample"]
    assert [row["day"] for row in one["costs"]] == ["2026-07-06"]
    assert one["total"]["low_confidence"] == 1
    none = mpm_monitor("cost", "--until", "2020-01-01", "--home", home)
    assert none.stdout == "No API call fits.\n"


def test_a_day_that_is_none_is_a_usage_error(mpm_monitor: Run, home: Path) -> None:
    result = mpm_monitor("cost", "--since", "yesterday", "--home", home)

    assert result.returncode == 2
    assert "neither like 30d" in result.stderr


def test_the_list_of_sessions_has_tokens_and_costs(mpm_monitor: Run, home: Path) -> None:
    table = " ".join(mpm_monitor("sessions", "--home", home).stdout.split())
    listed = json.loads(mpm_monitor("sessions", "--json", "--home", home).stdout)
    usages = {session["session_id"]: session["usage"] for session in listed}

    moments = [session["last_at"] for session in listed]
    assert moments == sorted(moments, reverse=True)
    assert "12.0k $0.0135 + unpriced Mend it" in table
    assert "4.0k ≥ $0.0068" in table
    assert usages[SESSION]["usd"]["total"] == "0.0135"


SUMS = {"calls": 2, "unpriced": 0, "low_confidence": 0, "usd": {"total": "1.23456"}}


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "$1.23"),
        ({"low_confidence": 1}, "≥ $1.23"),
        ({"unpriced": 1}, "$1.23 + unpriced"),
        ({"unpriced": 2, "usd": {"total": "0"}}, "unpriced"),
        ({"usd": {"total": "0.012345"}}, "$0.0123"),
        ({"usd": {"total": "12345.6"}}, "$12,345.60"),
        ({"usd": {"total": "0"}}, "$0.00"),
        ({"calls": 0}, "-"),
    ],
)
def test_an_amount_says_how_sure_it_is(changes: Json, shown: str) -> None:
    assert cost(SUMS | changes) == shown


def test_no_amount_is_shown_where_nothing_is_known() -> None:
    assert cost(None) == "-"


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (41_349, "41.3k"),
        (999_949, "999.9k"),
        (999_951, "1.0M"),
        (624_400_000, "624.4M"),
        (999_960_000, "1.0G"),
        (2_500_000_000_000, "2,500.0G"),
    ],
)
def test_tokens_are_readable(count: int, shown: str) -> None:
    assert tokens(count) == shown


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        (None, "-"),
        (850_000, "850 ms"),
        (12_340_000, "12.3 s"),
        (245_000_000, "4 min 5 s"),
        (7_380_000_000, "2 h 3 min"),
    ],
)
def test_durations_are_readable(duration: int | None, shown: str) -> None:
    assert span(duration) == shown


def test_amounts_below_nothing_keep_their_sign() -> None:
    from decimal import Decimal

    assert dollars(Decimal("-0.5")) == "-$0.5000"


def test_the_doctor_says_what_is_wrong_with_prices_of_ones_own(tmp_path: Path) -> None:
    config = Config(home=tmp_path, port=0)
    assert list(prices.check(config)) == []

    (tmp_path / "prices.json").write_text('{"models": {"glm": {"input": 1}}}')
    (wrong,) = prices.check(config)
    assert wrong.state == "problem"
    assert "lacks output, cache_read" in wrong.text

    (tmp_path / "prices.toml").write_text("[models.glm]\ninput=1\noutput=2\ncache_read=0.1\n")
    (right,) = prices.check(config)
    assert (right.state, "1 models" in right.text) == ("ok", True)
