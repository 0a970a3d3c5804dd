"""The tab "Cost" shows the server's figures, what they rest on, and follows what comes in."""

from __future__ import annotations

import json
import threading
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Page, expect

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.cli.importing import import_files, transcripts

from .conftest import OpenPage

Json = dict[str, Any]
SESSION = "4b4e5f0a-6a0c-4a53-9b8d-0f4c7a3f2b11"
OPUS, HAIKU, UNKNOWN = "claude-opus-5", "claude-haiku-4-5-20251001", "glm-unheard-of"


def line(number: int, kind: str, message: Json, **fields: Any) -> str:
    """One line of a transcript."""
    return json.dumps(
        {
            "type": kind,
            "uuid": f"5d0b6a3e-52c5-4f35-9ad0-{number:012}",
            "sessionId": SESSION,
            "timestamp": f"2026-08-03T10:{number:02}:00.000Z",
            "cwd": "/home/dev/work/shop",
            "version": "2.1.330",
            "message": message,
            **fields,
        }
    )


def answer(number: int, model: str, tokens: int, **fields: Any) -> str:
    """One answer of the API, using `tokens` input tokens and ten times as many from the cache."""
    usage = {
        "input_tokens": tokens,
        "output_tokens": tokens // 2,
        "cache_read_input_tokens": 10 * tokens,
        "cache_creation_input_tokens": tokens,
    }
    content = [{"type": "text", "text": f"Answer {number}"}]
    message = {"id": f"msg_{number}", "model": model, "usage": usage, "content": content}
    return line(number, "assistant", {**message, "stop_reason": "end_turn"}, **fields)


def bring_in(monitor: Monitor, folder: Path, *lines: str) -> None:
    """Append lines to the session's transcript and import it."""
    folder.mkdir(exist_ok=True)
    with (folder / f"{SESSION}.jsonl").open("a") as file:
        file.writelines(f"{text}\n" for text in lines)
    import_files(monitor, transcripts([folder]), threading.Event(), quiet=True)


def costs(monitor: Monitor, by: str) -> Json:
    """What the server says."""
    address = f"http://localhost:{monitor.port}/api/v1/costs?by={by}&session={SESSION}"
    with urlopen(address) as response:
        report: Json = json.load(response)
    return report


def dollars(row: Json) -> str:
    """An amount as a British reader sees it."""
    return f"${Decimal(row['usd']['total']).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def table_row(page: Page, name: str) -> Any:
    """The row of the table with this name."""
    return (
        page.get_by_role("grid", name="Cost", exact=True).get_by_role("row").filter(has_text=name)
    )


def test_costs_on_screen_are_the_servers_and_lead_to_their_events(
    monitor: Monitor, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(monitor, "#/cost")
    expect(page.get_by_text("No costs are known yet")).to_be_visible()
    expect(page.get_by_text("mpm-monitor import")).to_be_visible()

    bring_in(
        monitor,
        tmp_path / "transcripts",
        line(1, "user", {"content": "Add a discount"}),
        answer(2, OPUS, 40_000),
        answer(3, HAIKU, 20_000),
        answer(4, UNKNOWN, 1_000),
        json.dumps({"type": "cost-state", "sessionId": SESSION, "totalCostUSD": 9.5}),
    )
    figures = page.get_by_role("region", name="In all")
    expect(figures).to_contain_text("API calls3")
    report = costs(monitor, "model")
    assert report["total"]["unpriced"] == 1
    expect(figures).to_contain_text(f"Cost, USD{dollars(report['total'])}")
    expect(figures).to_contain_text(
        f"unpriced 1 call without a known price, in no amount: {UNKNOWN}"
    )
    expect(figures).to_contain_text("own total is $9.50")
    expect(figures).to_contain_text("calls without a known price are left out")
    expect(figures).to_contain_text("from transcripts")
    expect(page.get_by_role("contentinfo")).to_contain_text(dollars(report["total"]))
    for row in report["costs"]:
        shown = dollars(row) if row["model"] != UNKNOWN else "unpriced"
        expect(table_row(page, row["model"])).to_contain_text(shown)
    expect(table_row(page, UNKNOWN)).not_to_contain_text("$")

    table_row(page, OPUS).click()
    inspector = page.get_by_role("region", name="Inspector")
    expect(inspector.get_by_role("heading", name=OPUS)).to_be_visible()
    expect(inspector).to_contain_text("40,000")
    inspector.get_by_role("button", name="Event 2, transcript.assistant").click()
    expect(inspector).to_contain_text("Answer 2")


def test_costs_follow_the_session_and_can_be_asked_for_in_other_ways(
    monitor: Monitor, open_page: OpenPage, tmp_path: Path
) -> None:
    folder = tmp_path / "transcripts"
    bring_in(monitor, folder, line(1, "user", {"content": "Add a tax"}), answer(2, OPUS, 10_000))
    page = open_page(monitor, f"#/cost?session={SESSION}")
    by = page.get_by_role("group", name="Costs by")
    by.get_by_role("button", name="Turn").click()
    row = table_row(page, "Add a tax")
    expect(row).to_contain_text("100%")
    row.click()
    inspector = page.get_by_role("region", name="Inspector")
    expect(inspector.get_by_role("button", name="transcript.assistant")).to_have_count(1)

    bring_in(monitor, folder, answer(3, OPUS, 60_000))
    expect(row).to_contain_text("2 calls")
    after = costs(monitor, "turn")["costs"][0]
    expect(row).to_contain_text(dollars(after))
    expect(inspector.get_by_role("button", name="transcript.assistant")).to_have_count(2)

    page.get_by_role("tab", name="Agents").click()
    expect(page.get_by_role("treeitem", name="main")).to_contain_text(dollars(after))
