"""The page opens on who needs a person, keeps that up to date, and leads there."""

from __future__ import annotations

from playwright.sync_api import expect
from testkit.payloads import Talk
from testkit.wire import post

from claude_mpm_monitor import Monitor

from .conftest import OpenPage

BASH = {"tool_name": "Bash", "tool_input": {"command": "make"}}


def test_who_waits_is_told_live_and_one_click_away(monitor: Monitor, open_page: OpenPage) -> None:
    talk = Talk("builder")

    def say(name: str, **about: object) -> None:
        payload = talk.say(name, cwd="/w/shop", **about)
        assert post(monitor.port, "/hooks/claude", payload).status == 204

    say("UserPromptSubmit", prompt="Build the shop")
    page = open_page(monitor, "")
    needs = page.get_by_role("region", name="Who needs you")
    work = page.get_by_role("region", name="At work now")
    expect(needs).to_contain_text("Nobody needs you.")

    say("PreToolUse", **BASH, tool_use_id="call-1")
    expect(work).to_contain_text("make")
    say("PermissionRequest", **BASH)
    expect(needs).to_contain_text("waits for permission")
    expect(work).to_contain_text("No agent is at work.")

    needs.get_by_role("link").click()
    expect(page.get_by_role("tab", name="Events")).to_have_attribute("aria-selected", "true")
    assert "session=builder" in page.url
    page.go_back()
    say("PostToolUseFailure", **BASH, tool_use_id="call-1", error="Exit code 2")
    expect(page.get_by_role("region", name="Errors")).to_contain_text("Exit code 2")
    expect(needs).to_contain_text("Nobody needs you.")
