"""The inspector shows exactly what is selected, readable first, and never runs what it shows."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

from playwright.sync_api import Page, expect

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.cli.importing import import_files, transcripts

from .claude import Claude
from .conftest import OpenPage

#: Watches every frame for an inspector that shows another event than the selected one.
WATCH = """() => {
  window.wrong = [];
  window.seen = new Set();
  const inspector = document.querySelector("monitor-inspector");
  const look = () => {
    const { selection } = inspector.store.state;
    const shown = inspector.shadowRoot.querySelector(".seq")?.textContent.slice(1);
    if (shown && selection?.key !== shown) wrong.push([selection?.key, shown]);
    if (shown) seen.add(shown);
    requestAnimationFrame(look);
  };
  look();
}"""

SELECTED_IS_SHOWN = """() => {
  const inspector = document.querySelector("monitor-inspector");
  const shown = inspector.shadowRoot.querySelector(".seq")?.textContent;
  return shown === `#${inspector.store.state.selection?.key}`;
}"""

HAS_FAILED = """() => {
  const { shadowRoot } = document.querySelector("monitor-inspector");
  const buttons = [...shadowRoot.querySelectorAll("button")];
  return buttons.some((button) => button.textContent.includes("Try again")) && "failed";
}"""

#: Has answers about single events come late and out of order, every fifth not at all.
SLOW_ANSWERS = """(() => {
  const original = window.fetch.bind(window);
  let asked = 0;
  window.fetch = async (url, options) => {
    const number = ++asked;
    const answer = await original(url, options);
    if (/events\\/\\d+$/.test(url)) {
      await new Promise((go) => setTimeout(go, (number * 7919) % 160));
      if (number % 5 === 0) throw new TypeError("the line is down");
    }
    return answer;
  };
})()"""

COUNT_IN_SHADOWS = """(selector) => {
  const roots = [document];
  for (const root of roots)
    for (const element of root.querySelectorAll("*"))
      if (element.shadowRoot) roots.push(element.shadowRoot);
  return roots.reduce((total, root) => total + root.querySelectorAll(selector).length, 0);
}"""

#: Has news of documents come only when told to.
LATE_NEWS = """() => {
  const { store } = document.querySelector("monitor-inspector");
  const lookup = store.lookup.bind(store);
  store.lookup = (topic, key) => (window.told ? lookup(topic, key) : null);
}"""

HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'
LIKE_A_TEMPLATE = {"_$litType$": 1, "strings": [HOSTILE], "values": [], "raw": [HOSTILE]}


def test_a_change_is_shown_as_a_difference_and_as_json(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    edit = {"file_path": "/w/a.py", "old_string": "a\nb\nc\n", "new_string": "a\nB\nc\n"}
    claude.tool("Edit", edit, {"filePath": "/w/a.py"})
    page = open_page(monitor)
    inspector = page.get_by_label("Inspector")

    page.get_by_role("option").last.click()
    expect(inspector.get_by_label("1 lines added, 1 removed")).to_be_visible()
    expect(inspector.locator('.line[data-op="+"]')).to_contain_text("B")

    inspector.get_by_role("button", name="JSON").click()
    expect(inspector.locator(".json")).to_contain_text('"old_string": "a\\nb\\nc\\n"')
    find = inspector.get_by_label("Find in the JSON")
    find.fill("STRING")
    expect(inspector.locator("mark").first).to_have_text("string")
    expect(inspector.get_by_role("status")).to_have_text("1 of 2")
    find.press("Enter")
    expect(inspector.get_by_role("status")).to_have_text("2 of 2")
    inspector.get_by_role("button", name="JSON").click()
    inspector.get_by_role("button", name="Previous event of this tool call").click()
    expect(inspector.locator("h2")).to_contain_text("PreToolUse")


def test_a_call_known_from_a_transcript_shows_all_of_it_and_its_files_history_leads_there(
    monitor: Monitor, open_page: OpenPage, tmp_path: Path
) -> None:
    edit = {"file_path": "/w/a.py", "old_string": "a\n", "new_string": "b\n"}
    call = {"type": "tool_use", "id": "toolu_1", "name": "Edit", "input": edit}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "The file was updated."}
    about = {"sessionId": "s-1", "cwd": "/w", "version": "2.1.330"}
    lines = [
        {"type": "assistant", "uuid": "u-1", "message": {"role": "assistant", "content": [call]}},
        {"type": "user", "uuid": "u-2", "message": {"role": "user", "content": [result]}},
    ]
    stamped = [
        json.dumps({**line, **about, "timestamp": f"2026-08-03T10:00:0{number}.000Z"})
        for number, line in enumerate(lines)
    ]
    (tmp_path / "projects" / "-w").mkdir(parents=True)
    (tmp_path / "projects" / "-w" / "s-1.jsonl").write_text("\n".join(stamped) + "\n")
    import_files(monitor, transcripts([tmp_path]), threading.Event(), quiet=True)
    page = open_page(monitor)
    inspector = page.get_by_label("Inspector")

    page.get_by_role("tab", name="Tools").click()
    page.get_by_role("row", name="Edit").click()
    expect(inspector.get_by_label("1 lines added, 1 removed")).to_be_visible()

    page.get_by_role("tab", name="Files").click()
    page.get_by_role("treeitem", name="a.py").or_(
        page.get_by_role("row", name="a.py")
    ).first.click()
    expect(inspector).to_contain_text("History")
    inspector.get_by_role("button", name="edit").click()
    expect(inspector.get_by_label("1 lines added, 1 removed")).to_be_visible()


def test_selecting_in_a_burst_never_shows_another_event(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.many(200)
    page = open_page(monitor)
    page.evaluate(WATCH)
    page.get_by_role("option").first.click()
    burst = threading.Thread(target=claude.many, args=(3000, 50))
    burst.start()

    steps = 0
    while burst.is_alive() or steps < 25:
        page.keyboard.press("j" if steps % 4 else "k")
        steps += 1
    burst.join()

    assert page.evaluate("wrong") == []
    assert page.evaluate("seen.size") > 3
    _expect_selected_is_shown(page)


def test_answers_late_out_of_order_and_lost_never_show_another_event(
    home: Path, open_page: OpenPage
) -> None:
    first = Monitor(home=home, port=0)
    first.start()
    claude = Claude(first.port)
    claude.many(600, 100)
    claude.bash("ls", "out")
    page = open_page(first)
    page.add_init_script(SLOW_ANSWERS)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.evaluate(WATCH)
    page.get_by_role("option").last.click()
    burst = threading.Thread(target=claude.many, args=(1_000, 50))
    burst.start()
    keys = ["k", "k", "PageUp", "j", "Home", "End", "k", "PageUp", "PageUp", "j"]
    for step in range(60):
        page.keyboard.press(keys[step % len(keys)])
        if step % 15 == 7:
            page.evaluate(
                "q => document.querySelector('monitor-inspector').store.update({query: q})",
                "number 7",
            )
        if step % 15 == 11:
            page.evaluate("document.querySelector('monitor-inspector').store.update({query: ''})")
        if step % 20 == 13:
            page.go_back()
            page.go_forward()
    burst.join()
    port = first.port
    first.close()
    page.keyboard.press("k")
    with Monitor(home=home, port=port):
        expect(page.get_by_text("connected", exact=True)).to_be_visible()
        for key in ("Home", "j", "j", "End", "k"):
            page.keyboard.press(key)
        assert page.evaluate("wrong") == []
        assert page.evaluate("seen.size") > 5
        inspector = page.get_by_label("Inspector")
        retry = inspector.get_by_role("button", name="Try again")
        # A jump asks the server where it ends: what failed may be left, not to be tried again.
        shown = page.wait_for_function(f"({SELECTED_IS_SHOWN})() || ({HAS_FAILED})()")
        while shown.json_value() == "failed":
            retry.click()
            expect(inspector.get_by_text("Loading…")).to_have_count(0)
            shown = page.wait_for_function(f"({SELECTED_IS_SHOWN})() || ({HAS_FAILED})()")


def test_the_selection_survives_filters_search_and_streaming(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.prompt("keep me")
    claude.bash("ls", "out")
    page = open_page(monitor)
    inspector = page.get_by_label("Inspector")
    page.get_by_role("option").first.click()
    expect(inspector).to_contain_text("keep me")

    page.get_by_role("button", name="Tools", exact=True).click()
    expect(page.get_by_role("option")).to_have_count(2)
    claude.many(100)
    expect(inspector).to_contain_text("keep me")
    inspector.get_by_role("button", name="Show in list").click()
    expect(page.locator('[role=option][aria-selected="true"]')).to_contain_text("keep me")
    expect(inspector).to_contain_text("keep me")


def test_hostile_text_stays_text_wherever_it_is_shown(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.prompt(HOSTILE)
    claude.bash(HOSTILE, HOSTILE)
    claude.failing_bash(HOSTILE, HOSTILE)
    for tool in ("Read", "Write", "Edit", "Grep", "WebFetch", "Agent", "TodoWrite", HOSTILE):
        given = {"file_path": HOSTILE, "content": HOSTILE, "pattern": HOSTILE, "url": HOSTILE}
        more = {"prompt": LIKE_A_TEMPLATE, "todos": [LIKE_A_TEMPLATE], "description": HOSTILE}
        claude.tool(tool, given | more, {"content": [LIKE_A_TEMPLATE], "file": LIKE_A_TEMPLATE})
    claude.hook("Notification", message=LIKE_A_TEMPLATE)
    claude.hook(HOSTILE, anything=HOSTILE)
    page = open_page(monitor)
    page.get_by_role("option").first.click()

    for tab in range(1, 5):
        page.keyboard.press(str(tab))
        page.keyboard.press("j")
        expect(page.get_by_label("Inspector").get_by_role("button", name="JSON")).to_be_visible()
    last = monitor.status()["last_seq"]
    for seq in range(1, last + 1):
        page.evaluate("(hash) => { location.hash = hash }", f"#/events?event={seq}")
        _expect_selected_is_shown(page)

    assert page.evaluate("window.pwned") is None
    assert page.evaluate(COUNT_IN_SHADOWS, "img, iframe, script:not(head script)") == 0


def test_a_very_long_output_is_shown_piece_by_piece_and_copied_whole(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    output = "\n".join(f"line {number}" for number in range(30_000))
    claude.bash("seq 30000", output)
    page = open_page(monitor)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    inspector = page.get_by_label("Inspector")

    page.get_by_role("option").last.click()
    expect(inspector).to_contain_text("line 199")
    expect(inspector).not_to_contain_text("line 201")
    inspector.get_by_role("button", name="Show more").click()
    expect(inspector).to_contain_text("line 1000")
    inspector.get_by_role("button", name="Copy").click()
    expect(inspector.get_by_role("button", name="Copied")).to_be_visible()
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied["tool_response"]["stdout"] == output


def test_a_link_opens_what_it_was_copied_from_and_back_goes_back(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.prompt("one")
    claude.prompt("two")
    page = open_page(monitor, "#/events?event=1")
    inspector = page.get_by_label("Inspector")
    expect(inspector).to_contain_text("one")

    page.keyboard.press("5")
    expect(page.get_by_role("tab", name="Tools")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(page.get_by_role("tab", name="Events")).to_have_attribute("aria-selected", "true")
    expect(inspector).to_contain_text("one")
    page.go_forward()
    expect(page.get_by_role("tab", name="Tools")).to_have_attribute("aria-selected", "true")


def test_a_link_says_which_kinds_of_events_are_shown(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    claude.prompt("asked")
    claude.bash("ls", "out")
    claude.hook("SomethingNew", x=1)
    page = open_page(monitor, "#/events?kinds=tool")
    rows = page.get_by_role("option")
    expect(rows).to_have_count(2)

    page.get_by_role("button", name="Tools", exact=True).click()
    page.get_by_role("button", name="Other", exact=True).click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("SomethingNew")
    assert page.url.endswith("#/events?kinds=other")
    claude.hook("SomethingElse", x=1)
    claude.prompt("asked again")
    expect(rows).to_have_count(2)
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile("kinds=tool$"))
    expect(rows.first).to_contain_text("Bash")


def _expect_selected_is_shown(page: Page) -> None:
    page.wait_for_function(SELECTED_IS_SHOWN)


def test_what_moved_on_before_the_first_news_of_it_is_read_again(
    monitor: Monitor, claude: Claude, open_page: OpenPage
) -> None:
    call = claude.begin("Bash", {"command": "make"})
    page = open_page(monitor)
    page.evaluate(LATE_NEWS)
    address = f"#/events?tool_call={claude.session_id}/{call}"
    page.evaluate("hash => { location.hash = hash }", address)
    inspector = page.get_by_label("Inspector")
    expect(inspector.get_by_text("make", exact=True)).to_be_visible()

    done = {"tool_name": "Bash", "tool_input": {"command": "make"}, "tool_use_id": call}
    answer = {"stdout": "all made", "stderr": "", "interrupted": False}
    claude.hook("PostToolUse", **done, tool_response=answer, duration_ms=5)
    expect(page.get_by_role("option")).to_have_count(2)
    page.evaluate("window.told = true")
    claude.bash("ls")

    expect(inspector.get_by_text("all made")).to_be_visible()
