"""The timeline in a browser: it zooms, pans and follows, selects, and its address leads back."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from claude_mpm_monitor import Monitor

from .claude import Claude
from .conftest import OpenPage

#: Some pixels, and how many of their colours differ.
COLOURS = """() => {
  const canvas = document.querySelector("#panel-timeline > *").shadowRoot.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


def played(claude: Claude) -> None:
    claude.start()
    claude.prompt("Build the shop")
    claude.bash("ls", "a.py")
    claude.failing_bash("false", "Exit code 1")
    claude.begin("Read", {"file_path": "/w/a.py"})


def opened(monitor: Monitor, claude: Claude, open_page: OpenPage) -> tuple[Page, Locator]:
    """The timeline of a session that was played, and the spans it tells to be in sight."""
    played(claude)
    page = open_page(monitor, "#/timeline")
    spans = page.get_by_role("listbox", name="Spans in sight")
    expect(spans).to_contain_text("Read, running")
    return page, spans


def canvas_box(page: Page) -> Any:
    return page.locator("#panel-timeline canvas").bounding_box()


def spans_told(page: Page) -> list[str]:
    return (
        page.get_by_role("listbox", name="Spans in sight")
        .get_by_role("option", include_hidden=True)
        .all_text_contents()
    )


def test_the_spans_of_a_session_are_drawn_and_told(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    page, _ = opened(monitor, claude, open_page)

    assert any(
        re.match(r"(Bash, failed|\d spans, worst failed)", text) for text in spans_told(page)
    )
    page.wait_for_function(f"({COLOURS})() > 8")


def test_it_zooms_to_milliseconds_and_back_and_the_address_knows(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    page, _ = opened(monitor, claude, open_page)
    in_sight = page.get_by_text(re.compile("in sight$"))
    box = canvas_box(page)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)

    for _ in range(40):
        page.mouse.wheel(0, -200)
    expect(in_sight).to_have_text(re.compile(r"^[2-9] ms in sight"))
    expect(page).to_have_url(re.compile(r"from=\d+"))
    link = page.url

    page.keyboard.press("f")
    expect(page).not_to_have_url(re.compile("from="))
    page.go_back()
    expect(page).to_have_url(re.compile(r"from=\d+"))
    expect(in_sight).to_have_text(re.compile(r"^\d+ ms in sight"))

    other = open_page(monitor, link[link.index("#") :])
    expect(other.get_by_text(re.compile("in sight$"))).to_have_text(re.compile(r"^\d+ ms in sight"))


def test_by_keys_alone_a_span_is_found_and_opened(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    page, spans = opened(monitor, claude, open_page)
    page.keyboard.press("l")
    page.keyboard.press("Tab")
    expect(spans).to_be_focused()

    page.keyboard.press("Home")
    expect(spans.get_by_role("option", selected=True, include_hidden=True)).to_contain_text(
        "Build the shop"
    )
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("turn="))
    expect(page.locator("monitor-inspector")).to_contain_text("Build the shop")


def test_a_press_selects_and_a_drag_pans(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    page, _ = opened(monitor, claude, open_page)
    box = canvas_box(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + 40  # the turn: it is as wide as all there is

    page.mouse.move(x, y)
    expect(page.locator("#panel-timeline .hint")).to_contain_text("running")
    page.mouse.down()
    page.mouse.move(x - 30, y, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"from=\d+.*to=\d+"))
    assert "turn=" not in page.url

    page.mouse.click(x, y)
    expect(page).to_have_url(re.compile("turn="))


def test_what_happens_appears_and_now_stays_in_sight(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    page, spans = opened(monitor, claude, open_page)
    expect(page.get_by_role("button", name="Follow")).to_have_attribute("aria-pressed", "true")

    claude.begin("Grep", {"pattern": "shop"})

    expect(spans).to_contain_text("Grep")


def test_all_sessions_are_lanes(monitor: Monitor, claude: Claude, open_page: OpenPage) -> None:
    played(claude)
    other = Claude(monitor.port)
    other.prompt("Paint the door")
    page = open_page(monitor, "#/timeline?session=all")
    spans = page.get_by_role("listbox", name="Spans in sight")

    expect(spans).to_contain_text("Paint the door")
    expect(spans).to_contain_text("Build the shop")


def test_fingers_zoom_on_a_phone(monitor: Monitor, claude: Claude, open_page: OpenPage) -> None:
    played(claude)
    page = open_page(monitor, "#/timeline")
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.get_by_role("listbox", name="Spans in sight")).to_contain_text("Read")
    cdp = page.context.new_cdp_session(page)
    box = canvas_box(page)
    y = box["y"] + 100

    def touch(kind: str, *places: float) -> None:
        points = [{"x": x, "y": y, "id": number} for number, x in enumerate(places)]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 180, 200)
    for spread in range(20, 160, 20):
        touch("touchMove", 180 - spread, 200 + spread)
    touch("touchEnd")

    expect(page).to_have_url(re.compile(r"from=\d+"))
