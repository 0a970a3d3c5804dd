"""A browser that the system does not vouch for gets in by the link, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.access import Token, link
from claude_mpm_monitor.server import peers

from .claude import Claude
from .conftest import OpenPage


def test_a_browser_gets_in_by_the_link_and_stays_in(
    home: Path, browser: Browser, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No protocol of netlink has this number: as on systems that do not tell users apart.
    monkeypatch.setattr(peers, "_NETLINK_SOCK_DIAG", 31)
    with Monitor(home=home, port=0) as monitor:
        stranger = browser.new_context().new_page()
        answer = stranger.goto(monitor.url)
        assert answer is not None
        assert answer.status == 401
        expect(stranger.locator("body")).to_contain_text("mpm-monitor open")
        stranger.context.close()

        page = open_page(monitor, link("#/events", Token(monitor.config.token).read()))
        assert "token" not in page.url
        expect(page.get_by_text("connected", exact=True)).to_be_visible()
        Claude(monitor.port).prompt("told live")
        expect(page.get_by_role("option").first).to_contain_text("told live")

        later = open_page(monitor)
        expect(later.get_by_role("option").first).to_contain_text("told live")
