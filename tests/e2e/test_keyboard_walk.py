"""Whatever the page lets a mouse do can be done by keyboard, and one sees where one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from testkit.wire import get, post

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.testing.recorded import RECORDED, recorded

from .claude import Claude
from .test_accessibility import VIEWS
from .walking import LOOK, Walk

#: Going through a view takes a hundred keys and more.
pytestmark = pytest.mark.timeout(120)

#: What has a click of its own, and the keys that do the same.
OTHERWISE = {
    # A branch of a tree: left and right arrow on its row.
    "[role=treeitem] .twist",
    # Tiles are moved and resized by the arrow keys on their handle.
    "board-tile header, board-tile .corner, .board-grid",
    # What lies beside a dialog: Escape closes it.
    "dialog",
}
#: The session that a view has most of; else it is the made-up one with all its agents and files.
SHOWN = {"cost": "{costly}", "sessions": "all", "overview": "all", "health": "all"}
Pick = Callable[[Page], Locator]
Visit = Callable[[str], Page]


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    """One for all of them: they only look."""
    with Monitor(home=tmp_path_factory.mktemp("walk"), port=0) as monitor:
        yield monitor


@pytest.fixture(scope="module")
def sessions(monitor: Monitor) -> dict[str, str]:
    """Sessions of several kinds: finished, waiting, looping, at work, with costs. Ids by name."""
    told = {name: recorded(name).tell(monitor).session_id for name in RECORDED}
    claude = Claude(monitor.port)
    claude.start()
    claude.prompt("Add a discount to the basket")
    claude.failing_bash("false", "Exit code 1")
    claude.begin("Bash", {"command": "sleep 100"})
    post(monitor.port, "/api/v1/searches", {"name": "failed", "query": "status:error"})
    return told


@pytest.fixture
def visit(browser: Browser, monitor: Monitor, sessions: dict[str, str]) -> Iterator[Visit]:
    """Open the dashboard at an address, as somebody who has not been there before."""
    contexts = []

    def visit(address: str) -> Page:
        context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
        contexts.append(context)
        context.add_init_script(LOOK)
        page = context.new_page()
        page.goto(f"http://localhost:{monitor.port}/#/{address.format_map(sessions)}")
        page.wait_for_selector("html[data-ready]")
        Walk(page).changed()
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize("view", VIEWS)
def test_everything_on_a_view_is_reached_and_seen_to_be(visit: Visit, view: str) -> None:
    page = visit(f"{view}?session={SHOWN.get(view, '{recipes}')}&event=7")
    walk = Walk(page)
    there = walk.all()

    stops = walk.round()
    reached = {stop.key for stop in stops}.union(*map(walk.within, stops))

    assert len(there) > 15, "the walk looked at nothing"
    missed = {
        told
        for key, told in there.items()
        if key not in reached and not any(walk.is_in(key, selector) for selector in OTHERWISE)
    }
    assert missed == set()
    assert walk.unmarked == set()


def test_the_way_back_is_the_way_there(visit: Visit) -> None:
    page = visit("events?event=7")
    walk = Walk(page)

    there = [stop.key for stop in walk.round("Tab")]
    back = [stop.key for stop in walk.round("Shift+Tab")]

    assert set(back) == set(there)


def button(name: str) -> Pick:
    """Return what finds a button by its name."""
    return lambda page: page.get_by_role("button", name=name).first


def call(page: Page) -> Locator:
    return page.get_by_role("grid", name="Tools").get_by_role("row").nth(3)


#: What acts alike by mouse and keys, one of each kind: the view, what it is, and the key.
ACTING: dict[str, tuple[str, Pick, str]] = {
    "tab": ("events", lambda page: page.get_by_role("tab", name="Tools"), "Enter"),
    "filter": ("events", button("Prompts"), "Space"),
    "facet": ("events", button("PreToolUse"), "Space"),
    "row": ("events", lambda page: page.get_by_role("option").nth(3), "Enter"),
    "status": ("tools", button("failed"), "Space"),
    "order": ("sessions", button("Started"), "Enter"),
    "call": (
        "tools?session={loop}",
        call,
        "Enter",
    ),
    "line": ("overview", lambda page: page.get_by_role("link").nth(2), "Enter"),
    "breakdown": (
        "cost?session={costly}",
        button("Turn"),
        "Space",
    ),
    "zoom": ("timeline", button("Zoom in"), "Enter"),
    "path": ("timeline", button("Critical path"), "Space"),
    "folder": ("files?session={recipes}", lambda page: page.get_by_role("treeitem").first, "Enter"),
    "board": ("board", lambda page: page.get_by_role("button", name="Add", exact=True), "Space"),
    "pause": ("events", button("Pause"), "Space"),
    "theme": ("events", button("Theme:"), "Enter"),
    "picker": ("events", button("Session:"), "Enter"),
    "saved": ("events", button("Saved searches"), "Space"),
    "json": ("events?event=7", button("JSON"), "Space"),
    "step": ("events?event=7", lambda page: page.get_by_label("Next event of this"), "Enter"),
    "close": ("tools?event=7", button("Close"), "Enter"),
}


@pytest.mark.parametrize("what", ACTING)
def test_a_key_does_what_a_click_does(visit: Visit, what: str) -> None:
    address, pick, key = ACTING[what]
    results = []
    for act in (lambda target: target.click(), lambda target: press(target, key)):
        page = visit(address)
        before = Walk(page).state()
        act(pick(page))
        results.append(Walk(page).changed(before))

    assert results[0] == results[1]


def press(target: Locator, key: str) -> None:
    """Press a key on something: on itself, or on the list that it is an item of."""
    index = target.get_attribute("data-index")
    if index is None:
        target.press(key)
        return
    target.evaluate("row => row.closest('[tabindex]').focus()")
    for step in ("Home", *["ArrowDown"] * int(index), key):
        target.page.keyboard.press(step)


DIALOGS = ("Control+k", "?", "q")


@pytest.mark.parametrize("key", DIALOGS)
def test_a_dialog_keeps_the_focus_and_gives_it_back(visit: Visit, key: str) -> None:
    page = visit("events")
    walk = Walk(page)
    page.get_by_role("button", name="Prompts", exact=True).focus()
    before = walk.here()

    page.keyboard.press(key)
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert all(walk.is_in(stop.key, "dialog") for stop in walk.round() if stop.key is not None)
    assert walk.unmarked == set()
    page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    assert walk.here().key == before.key


def test_the_palette_has_every_view_and_whatever_has_a_key(monitor: Monitor, visit: Visit) -> None:
    page = visit("events?event=7")
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog[open] li")
    offered = page.locator("#palette-list .title").all_inner_texts()

    widgets = get(monitor.port, "/api/v1/widgets").json["widgets"]
    views = {widget["title"] for widget in widgets if widget["placement"] == "tab"}
    assert len(views) >= len(VIEWS)
    assert views <= set(offered)
    with_keys = page.evaluate("""async () => {
      const { KEYMAP } = await import("/static/js/core/keymap.js");
      return KEYMAP.filter(({ where }) => where === "page").map(({ title }) => title);
    }""")
    # These make sense only now and then, and are offered then.
    now_and_then = {"Command palette", "Leave the time range", "Mark everything as seen"}
    at_an_end = {"Previous event of this call"}
    assert set(with_keys) - set(offered) == now_and_then | at_an_end


def test_what_the_palette_leads_to_has_the_focus(visit: Visit) -> None:
    page = visit("events")
    walk = Walk(page)
    for words, selector in (("search", "monitor-search-box"), ("go to the list", ".scroller")):
        page.keyboard.press("Control+k")
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(page.locator("dialog[open]")).to_have_count(0)
        assert walk.is_in(walk.here().key, selector)


@pytest.mark.parametrize("close", ["Escape", "Close"])
def test_the_inspector_gives_the_focus_back(visit: Visit, close: str) -> None:
    page = visit("events")
    walk = Walk(page)
    page.keyboard.press("l")
    before = walk.here()
    page.keyboard.press("ArrowUp")
    page.wait_for_selector("monitor-inspector monitor-safe-body")
    page.keyboard.press("i")
    assert walk.here().told.startswith("monitor-inspector")

    if close == "Escape":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Close").press("Enter")
    expect(page.get_by_text("Nothing selected")).to_be_visible()

    assert walk.here().key == before.key


@pytest.mark.parametrize("name", ["Session:", "Project:"])
def test_every_choice_of_a_menu_is_reached(visit: Visit, name: str) -> None:
    page = visit("events")
    walk = Walk(page)
    button = page.get_by_role("button", name=name)
    button.press("Enter")
    page.wait_for_selector(".picker-menu input:focus")
    choices = {key for key, told in walk.all(".picker-menu").items() if told.startswith("li")}

    assert len(choices) > 2
    assert choices <= walk.within(walk.here())
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
