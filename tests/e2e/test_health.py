"""The page tells how the monitor itself is doing, and keeps that up to date."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from testkit.payloads import Talk
from testkit.wire import post

from claude_mpm_monitor import Monitor, hookimpl

from .conftest import OpenPage


class Broken:
    """A plugin that fails as it is asked for its part."""

    name = "broken"

    @hookimpl
    def monitor_register_rules(self) -> list[object]:
        raise RuntimeError("no rules today")


def test_what_was_taken_in_and_what_was_not_is_counted_live(
    monitor: Monitor, open_page: OpenPage
) -> None:
    page = open_page(monitor, "#/health")
    taken_in = page.get_by_role("region", name="Taken in")
    expect(page.get_by_text("All is well.")).to_be_visible()

    post(monitor.port, "/hooks/claude", Talk().prompt())
    post(monitor.port, "/hooks/claude", b"no JSON")

    expect(taken_in.get_by_role("row", name="Stored").first).to_contain_text("1")
    expect(taken_in.get_by_role("row", name="Rejected")).to_contain_text("1")
    expect(
        page.get_by_role("region", name="Store").get_by_role("row", name="Dead")
    ).to_contain_text("1")


def test_a_plugin_that_failed_is_told_of_with_its_reason(
    tmp_path: object, open_page: OpenPage
) -> None:
    with Monitor(home=str(tmp_path), port=0, plugins=[Broken()]) as monitor:
        page = open_page(monitor, "#/health")

        expect(page.get_by_role("status").filter(has_text="1 plugin failed")).to_be_visible()
        expect(page.get_by_role("region", name="Plugins")).to_contain_text("no rules today")


class Clumsy:
    """A plugin that is told of what begins, and fails."""

    name = "clumsy"

    @hookimpl
    def monitor_started(self, monitor: Monitor) -> None:
        raise RuntimeError("no hands")


def test_a_plugin_that_fails_and_goes_on_is_not_well(tmp_path: object, open_page: OpenPage) -> None:
    with Monitor(home=str(tmp_path), port=0, plugins=[Clumsy()]) as monitor:
        page = open_page(monitor, "#/health")

        told = page.get_by_role("status").filter(has_text="Clumsy has failed 1 time since")
        expect(told).to_contain_text("no hands")
        expect(page.get_by_text("All is well.")).to_have_count(0)


def test_what_each_plugin_takes_is_told(monitor: Monitor, open_page: OpenPage) -> None:
    page = open_page(monitor, "#/health")

    row = page.get_by_role("region", name="Plugins").get_by_role("row", name="builtin")

    expect(row.get_by_role("cell").nth(2)).to_have_text(re.compile(r"^[\d.,]+ ms$"))
    expect(row.get_by_role("cell").nth(3)).to_have_text(re.compile(r"^[\d.]+ [kM]?B$"))
    expect(row.get_by_role("cell").nth(4)).to_have_text("0 B")
