"""axe-core finds nothing serious on any view: in the page's two themes, on a phone and on a large
screen; and in those of high contrast, where text is to have seven to one.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from testkit.wire import post

from claude_mpm_monitor import Monitor

from .claude import Claude

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = (
    "overview",
    "events",
    "timeline",
    "agents",
    "tools",
    "files",
    "cost",
    "board",
    "sessions",
    "health",
)
SIZES = {"phone": (390, 844), "large": (1600, 1000)}
CONTRAST = ("contrast-light", "contrast-dark")


@pytest.fixture
def session(claude: Claude) -> Claude:
    """Something of each kind to look at."""
    claude.start()
    claude.prompt("Look at **this**:\n\n- one\n- two\n\n`code`")
    claude.bash("ls", "a.py")
    claude.failing_bash("false", "Exit code 1")
    edit = {"file_path": "/w/a.py", "old_string": "a\n", "new_string": "b\n"}
    claude.tool("Edit", edit, {"filePath": "/w/a.py"})
    return claude


def serious(page: Page, *more_rules: str) -> list[str]:
    """Return what axe finds serious or worse, a line each; by its usual rules, and these."""
    options = {
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": True} for rule in more_rules},
    }
    found = page.evaluate("options => axe.run(document, options)", options)
    assert found["passes"], "axe looked at nothing"
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:120]}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


# It goes through every view and sheet, and axe takes a second or two for each.
@pytest.mark.timeout(120)
@pytest.mark.skipif(not AXE.exists(), reason="needs `npm ci`")
@pytest.mark.parametrize(
    ("theme", "size"), [*product(("light", "dark"), SIZES), *product(CONTRAST, ["large"])]
)
def test_nothing_serious_is_found(
    browser: Browser, monitor: Monitor, session: Claude, theme: str, size: str
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme.endswith("dark") else "light",
        bypass_csp=True,
    )
    rules = []
    if theme in CONTRAST:
        context.add_init_script(f"localStorage.setItem('mpm-monitor.theme', '{theme}')")
        rules.append("color-contrast-enhanced")
    page = context.new_page()
    page.goto(f"http://localhost:{monitor.port}/")
    page.wait_for_selector("html[data-ready]")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for view in VIEWS:
        page.evaluate("hash => { location.hash = hash }", f"#/{view}")
        page.wait_for_selector(f"#panel-{view}:not([hidden]) > *")
        page.keyboard.press("j")
        assert serious(page, *rules) == [], view
        page.keyboard.press("Escape")
    post(monitor.port, "/api/v1/searches", {"name": "failed", "query": "status:error"})
    page.evaluate("location.hash = '#/events?q=tool:Bash'")
    for key in ("Control+k", "?", "q"):
        page.keyboard.press(key)
        page.wait_for_selector("dialog[open]")
        assert serious(page, *rules) == [], key
        page.keyboard.press("Escape")
        # A key that comes while it closes would be the dialog's: it is gone when the focus is back.
        page.wait_for_selector("dialog", state="detached")
    context.close()
