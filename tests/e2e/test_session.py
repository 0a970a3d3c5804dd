"""A session is followed live: list, header, agents, tools, files."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from playwright.sync_api import expect

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.cli.importing import import_files, transcripts

from .claude import Claude
from .conftest import OpenPage


def test_an_empty_dashboard_says_how_to_begin(monitor: Monitor, open_page: OpenPage) -> None:
    page = open_page(monitor)

    expect(page.get_by_text("Waiting for the first event")).to_be_visible()
    expect(page.get_by_text("claude-mpm run --monitor")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="connected")).to_be_visible()


def test_a_session_appears_while_it_runs(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    page = open_page(monitor)
    claude.start()
    claude.prompt("Add a discount to the basket")

    rows = page.get_by_role("option")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("Add a discount to the basket")
    expect(page.get_by_role("button", name="Session:")).to_contain_text("shop")
    expect(page.get_by_role("contentinfo")).to_contain_text("/home/dev/work/shop")

    claude.bash("pytest -q", "3 passed")
    claude.failing_bash("false", "Exit code 1")
    expect(rows).to_have_count(6)
    expect(rows.last).to_contain_text("failed")
    expect(rows.nth(3)).to_contain_text("done")
    expect(page.get_by_role("banner")).to_contain_text("events6")
    expect(page.get_by_role("banner")).to_contain_text("error1")


def test_the_newest_session_is_followed_until_the_reader_picks_one(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.prompt("first session")
    page = open_page(monitor)
    expect(page.get_by_role("option")).to_contain_text("first session")

    second = Claude(monitor.port, cwd="/home/dev/work/other")
    second.prompt("second session")
    expect(page.get_by_role("option")).to_contain_text("second session")

    page.get_by_role("button", name="Session:").click()
    page.get_by_role("listbox", name="Sessions").get_by_text("first session").click()
    expect(page.get_by_role("option")).to_contain_text("first session")
    Claude(monitor.port, cwd="/home/dev/work/third").prompt("third session")
    second.prompt("still going")
    claude.prompt("and on")
    expect(page.get_by_role("option")).to_have_count(2)


def test_sessions_are_listed_by_when_something_happened_in_them(
    monitor: Monitor, claude: Claude, open_page: OpenPage, tmp_path: Path
) -> None:
    claude.prompt("of today")
    folder = tmp_path / "projects" / "-w"
    folder.mkdir(parents=True)
    for name, day in (("of May", "2026-05-02"), ("of March", "2026-03-02")):
        line = {
            "type": "user",
            "uuid": name,
            "sessionId": name,
            "timestamp": f"{day}T10:00:00.000Z",
            "cwd": "/w",
            "message": {"role": "user", "content": name},
        }
        (folder / f"{name}.jsonl").write_text(json.dumps(line) + "\n")
        import_files(monitor, transcripts([tmp_path]), threading.Event(), quiet=True)

    page = open_page(monitor, "#/sessions")
    titles = page.locator("[role=row][aria-rowindex] .title")
    expect(titles).to_have_text(["of today", "of May", "of March"])
    expect(page.get_by_role("columnheader", name="Active")).to_have_attribute(
        "aria-sort", "descending"
    )

    page.get_by_role("button", name="Active").click()
    expect(titles).to_have_text(["of March", "of May", "of today"])
    page.get_by_role("button", name="Session:").click()
    expect(page.get_by_role("listbox", name="Sessions").get_by_role("option")).to_contain_text(
        ["of today", "of May", "of March"]
    )


def test_agents_tools_and_files_tell_what_was_done(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.prompt("Review it")
    task = {"description": "Check the basket", "prompt": "Look", "subagent_type": "reviewer"}
    outer = claude.begin("Agent", task)
    agent = {"agent_id": "a1", "agent_type": "reviewer"}
    claude.hook("SubagentStart", **agent)
    read = {"file": {"filePath": "/home/dev/work/shop/basket.py", "content": "x = 1\n"}}
    claude.tool("Read", {"file_path": "/home/dev/work/shop/basket.py"}, read, **agent)
    claude.hook("SubagentStop", **agent, last_assistant_message="Fine.")
    claude.hook("PostToolUse", tool_name="Agent", tool_input=task, tool_use_id=outer,
                tool_response={"status": "completed", "agentId": "a1", "content": []})  # fmt: skip
    claude.begin("Bash", {"command": "sleep 100"})
    page = open_page(monitor)

    page.keyboard.press("4")
    expect(page.get_by_role("treeitem")).to_have_count(2)
    expect(page.get_by_role("treeitem").last).to_contain_text("reviewer")
    expect(page.get_by_role("treeitem").last).to_contain_text("done")

    for query, found in (("tool:Read", "reviewer"), ("status:running", "main")):
        page.keyboard.press("/")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(query)
        expect(page.get_by_role("treeitem")).to_have_count(1)
        expect(page.get_by_role("treeitem")).to_contain_text(found)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    expect(page.get_by_role("treeitem")).to_have_count(2)
    page.keyboard.press("Escape")

    page.keyboard.press("5")
    calls = page.get_by_role("grid", name="Tools").get_by_role("row")
    expect(calls).to_have_count(3)
    expect(calls.filter(has_text="sleep 100")).to_contain_text("running")
    page.get_by_role("button", name="running", exact=True).click()
    expect(calls).to_have_count(1)

    page.keyboard.press("6")
    expect(page.get_by_role("treeitem").filter(has_text="basket.py")).to_contain_text("reviewer")
    page.get_by_role("treeitem").filter(has_text="basket.py").click()
    expect(page.get_by_label("Inspector")).to_contain_text("/home/dev/work/shop/basket.py")


def test_the_search_runs_on_the_server_and_sees_payloads(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.bash("cat notes", "the needle is in the output")
    claude.bash("ls", "nothing")
    page = open_page(monitor)
    expect(page.get_by_role("option")).to_have_count(4)

    page.keyboard.press("/")
    page.keyboard.type("needle")
    expect(page.get_by_role("option")).to_have_count(1)
    claude.bash("cat more", "another needle")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(6)


def test_paused_nothing_moves_and_what_is_new_is_counted(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.prompt("before")
    page = open_page(monitor)
    expect(page.get_by_role("option")).to_have_count(1)

    page.keyboard.press(" ")
    expect(page.get_by_text("Paused")).to_be_visible()
    claude.prompt("while paused")
    claude.prompt("again")
    new = page.get_by_role("button", name="2 new")
    expect(new).to_be_visible()
    expect(page.get_by_role("option")).to_have_count(1)
    new.click()
    expect(page.get_by_role("option")).to_have_count(3)


def test_a_query_is_completed_corrected_and_remembered(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.bash("ls", "nothing")
    claude.tool("Read", {"file_path": "/w/a.py"}, {})
    page = open_page(monitor)
    box = page.get_by_role("combobox", name="Search")
    rows = page.get_by_role("listbox", name="Events").get_by_role("option")
    expect(rows).to_have_count(4)

    page.keyboard.press("/")
    page.keyboard.type("to")
    expect(page.get_by_role("listbox", name="Completions")).to_contain_text("tool")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("tool:")
    page.get_by_role("listbox", name="Completions").get_by_text("Read", exact=True).click()
    expect(box).to_have_value("tool:Read")
    expect(rows).to_have_count(2)
    page.keyboard.press("Enter")

    box.fill("tol:Read")
    page.keyboard.press("Enter")
    alert = page.get_by_role("banner").get_by_role("alert")
    expect(alert).to_contain_text("tol")
    alert.get_by_role("button").click()
    expect(rows).to_have_count(2)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(rows).to_have_count(4)
    page.keyboard.press("/")
    expect(page.get_by_role("listbox", name="Completions")).to_contain_text("tool:Read")


def test_nothing_of_one_project_is_shown_under_another(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.prompt("in the shop")
    other = Claude(monitor.port, cwd="/home/dev/work/other")
    other.prompt("elsewhere")
    page = open_page(monitor, "#/events?session=all")
    rows = page.get_by_role("listbox", name="Events").get_by_role("option")
    expect(rows).to_have_count(2)

    page.keyboard.press("p")
    projects = page.get_by_role("listbox", name="Projects")
    projects.get_by_role("option", name="shop").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("in the shop")
    other.prompt("elsewhere again")
    claude.prompt("and again in the shop")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("and again in the shop")
    page.go_back()
    expect(rows).to_have_count(4)
