"""The page in a headless Chromium on a store of a million events: how soon, how much, how smooth.

Rendering is in software on the cores the server uses, so times are upper bounds. The browser's own
figures are read over the DevTools protocol. `MONITOR_BENCHMARK_SECONDS` sets how long the steady
stream lasts (60).
"""

from __future__ import annotations

import json
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.benchmarks.large_store import LARGE_ID
from tests.benchmarks.posting import post_at, serving
from tests.benchmarks.querying import SEARCHES, copied
from tests.benchmarks.row import Row
from tests.e2e.conftest import CHROMIUM_ARGUMENTS, find_browser

NAME = "page"
WHAT = "the dashboard in a headless browser on 1,000,000 events"
SECONDS = int(os.environ.get("MONITOR_BENCHMARK_SECONDS", "60"))
ROUNDS = 10
BURST, RATE, GENTLE = 10_000, 1_000, 100

#: Keeps what the page does from its first script on: tasks, and the script and length of frames.
PROBE = """
window.probe = { tasks: [], frames: [] };
new PerformanceObserver((list) => probe.tasks.push(...list.getEntries().map((e) => e.duration)))
  .observe({ type: "longtask", buffered: true });
"""
#: Resolves when the list shows rows of the state at hand, drawn: they are put in place in the frame
#: that finds them there, or in the next, after which the timer runs.
DRAWN = """() => new Promise((resolve) => {
  const { store } = document.querySelector("monitor-inspector");
  const look = () => {
    if (store.events.loading) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(resolve));
  };
  requestAnimationFrame(look);
})"""
SCROLL = """(steps) => new Promise((resolve) => {
  const roots = [document], lists = [];
  for (const root of roots) for (const one of root.querySelectorAll("*")) {
    if (one.shadowRoot) roots.push(one.shadowRoot);
    const listed = one.getAttribute("role") === "listbox";
    if (listed && one.scrollHeight > one.clientHeight) lists.push(one);
  }
  const list = lists[0], frames = [];
  let last = performance.now();
  const step = (now) => {
    frames.push(now - last);
    last = now;
    list.scrollTop -= 90;
    if (frames.length < steps) requestAnimationFrame(step); else resolve(frames.slice(1));
  };
  requestAnimationFrame(step);
})"""
#: Pans and zooms a timeline there and back, a step of the wheel a frame.
WHEEL = """([sideways, upright]) => new Promise((resolve) => {
  const canvas = document.querySelector("#panel-timeline > *").shadowRoot.querySelector("canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const place = { clientX: left + width / 2, clientY: top + height / 4 };
  const wheel = { ...place, bubbles: true, composed: true, cancelable: true };
  const frames = [], steps = 60;
  let last = performance.now();
  const step = (now) => {
    frames.push(now - last);
    last = now;
    const sign = frames.length <= steps ? 1 : -1;
    const turned = { deltaX: sign * sideways, deltaY: sign * upright };
    canvas.dispatchEvent(new WheelEvent("wheel", { ...wheel, ...turned }));
    if (frames.length < 2 * steps) requestAnimationFrame(step); else resolve(frames.slice(1));
  };
  requestAnimationFrame(step);
})"""
#: Notes when each event that has a number in its summary is on screen, after the next frame.
WATCH = """() => {
  window.pixels = [];
  const { store } = document.querySelector("monitor-inspector");
  let last = store.lastSeq;
  store.subscribe(["events"], () => {
    const heads = store.events.rows.slice(-400).filter((head) => head.seq > last);
    last = Math.max(last, store.lastSeq);
    requestAnimationFrame(() => setTimeout(() => {
      for (const { at } of heads) pixels.push(Date.now() - at / 1000);
    }));
  });
}"""


#: A browser that was just started is busy with itself for so long (ms).
SETTLING_MS = 2_000


def run() -> list[Row]:
    """Drive one page through everything."""
    home = copied()
    with serving(home) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(),
            args=CHROMIUM_ARGUMENTS,
        )
        page = browser.new_page(viewport={"width": 1400, "height": 800})
        page.add_init_script(PROBE)
        devtools = page.context.new_cdp_session(page)
        rows = _cold(page, devtools, f"http://localhost:{port}")
        rows += _work(page, devtools, port)
        rows += _timeline(page, devtools)
        rows += _stream(page, devtools, port)
        browser.close()
    return rows


def _cold(page: Page, devtools: CDPSession, url: str) -> list[Row]:
    received: list[float] = []
    devtools.send("Network.enable")
    devtools.on(
        "Network.loadingFinished", lambda event: received.append(event["encodedDataLength"])
    )
    page.wait_for_timeout(SETTLING_MS)
    started = time.perf_counter()
    page.goto(f"{url}/#/events")
    page.wait_for_selector("html[data-ready]")
    interactive = (time.perf_counter() - started) * 1_000
    page.evaluate(DRAWN)
    ready = (time.perf_counter() - started) * 1_000
    paint = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    )
    devtools.send("Network.disable")
    return [
        Row(name="first content", value=paint, unit="ms", note="after navigation"),
        Row(name="interactive", value=interactive, unit="ms", note="after navigation"),
        Row(name="events on screen", value=ready, unit="ms", note="after navigation, drawn"),
        Row(name="transferred, cold", value=sum(received) / 1_000, unit="kB"),
    ]


def _work(page: Page, devtools: CDPSession, port: int) -> list[Row]:
    searches = [
        _taken(page, f"store.update({{ query: {json.dumps(text)} }})")
        for session in ("all", LARGE_ID)
        for text in _of_session(page, session, (*SEARCHES, *reversed(SEARCHES)))
    ]
    page.evaluate(_doing("store.update({ query: '', session: 'all' })"))
    page.evaluate(DRAWN)
    jumps = [
        _taken(page, f"store.events.jump({place * 97_003 % 900_000})") for place in range(ROUNDS)
    ]
    pages = [_taken(page, "store.events.extend('up')") for _ in range(ROUNDS)]
    sessions = [
        _taken(page, f"store.update({{ session: '{LARGE_ID if number % 2 else 'all'}' }})")
        for number in range(ROUNDS)
    ]
    page.evaluate(_doing("store.update({ session: 'all' })"))
    page.evaluate(DRAWN)
    frames, script = _moved(page, devtools, SCROLL, 200)
    return [
        _p95("search to pixels", searches),
        _p95("jump to pixels", jumps),
        _p95("page to pixels", pages),
        _p95("other session to pixels", sessions),
        Row(name="frame while scrolling, p95", value=frames[len(frames) * 95 // 100], unit="ms"),
        Row(name="frame while scrolling, longest", value=frames[-1], unit="ms"),
        Row(name="script a frame while scrolling, mean", value=script, unit="ms"),
    ]


def _of_session(page: Page, session: str, texts: Iterable[str]) -> Iterable[str]:
    """Show a session, and return what is to be looked for in it."""
    page.evaluate(_doing(f"store.update({{ session: '{session}' }})"))
    page.evaluate(DRAWN)
    return texts


def _timeline(page: Page, devtools: CDPSession) -> list[Row]:
    """Move the timelines of the large session and of all."""
    rows = []
    for session, whose in ((LARGE_ID, "large session"), ("all", "all sessions")):
        page.evaluate(_doing(f"store.update({{ tab: 'timeline', session: '{session}' }})"))
        page.wait_for_timeout(3_000)
        for how, step in (("panned", [25, 0]), ("zoomed", [0, -20])):
            page.evaluate("probe.tasks.length = 0")
            frames, script = _moved(page, devtools, WHEEL, step)
            longest = page.evaluate("Math.max(0, ...probe.tasks)")
            note = (
                f"longest {frames[-1]:.0f}, longest task {longest:.0f}, script {script:.1f} a frame"
            )
            name = f"frame of the timeline, {whose} {how}, p95"
            value = frames[len(frames) * 95 // 100]
            rows.append(Row(name=name, value=value, unit="ms", note=note))
    page.evaluate(_doing("store.update({ tab: 'events' })"))
    page.evaluate(DRAWN)
    return rows


def _stream(page: Page, devtools: CDPSession, port: int) -> list[Row]:
    page.evaluate(_doing("store.events.open()"))
    page.evaluate(DRAWN)
    page.evaluate(WATCH)
    before = _known(page)
    _meanwhile(page, lambda: post_at(port, GENTLE * 10, GENTLE))
    waits = sorted(page.evaluate("pixels"))
    rows = [
        Row(name="event to pixels, p50", value=waits[len(waits) // 2], unit="ms", note="100/s"),
        Row(
            name="event to pixels, p99",
            value=waits[len(waits) * 99 // 100],
            unit="ms",
            note="100/s",
        ),
    ]
    sent = GENTLE * 10
    for view in ("events", "timeline"):
        page.evaluate(_doing(f"store.update({{ tab: '{view}' }})"))
        page.wait_for_timeout(1_000)
        page.evaluate("probe.tasks.length = 0")
        _meanwhile(page, lambda: post_at(port, BURST, 0))
        _meanwhile(page, lambda: post_at(port, RATE * SECONDS, RATE))
        sent += BURST + RATE * SECONDS
        rows += _after(page, devtools, view, before + sent)
    return rows


def _after(page: Page, devtools: CDPSession, view: str, expected: int) -> list[Row]:
    """Return what a stream of events did to the page that showed a view of them."""
    until = time.monotonic() + 60
    while _known(page) < expected and time.monotonic() < until:
        page.wait_for_timeout(100)
    tasks = page.evaluate("Math.max(0, ...probe.tasks)")
    devtools.send("HeapProfiler.enable")
    devtools.send("HeapProfiler.collectGarbage")
    heap = devtools.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    note = f"{BURST:,} at once, then {RATE:,}/s for {SECONDS} s"
    lost = expected - _known(page)
    return [
        Row(name=f"events not accounted for, {view}", value=lost, unit="events", note=note),
        Row(name=f"longest task meanwhile, {view}", value=tasks, unit="ms", note=note),
        Row(name=f"heap after collection, {view}", value=heap, unit="MB"),
    ]


def _meanwhile(page: Page, action: Callable[[], object]) -> None:
    thread = threading.Thread(target=action)
    thread.start()
    while thread.is_alive():
        page.wait_for_timeout(50)


def _known(page: Page) -> int:
    """Return up to which event the page has heard of all, and its list holds what belongs there."""
    return int(page.evaluate(_doing("return Math.min(store.lastSeq, store.events.complete)")))


def _taken(page: Page, action: str) -> float:
    started = time.perf_counter()
    page.evaluate(_doing(action))
    page.evaluate(DRAWN)
    return (time.perf_counter() - started) * 1_000


def _doing(action: str) -> str:
    return f"() => {{ const {{ store }} = document.querySelector('monitor-inspector'); {action} }}"


def _p95(name: str, taken: list[float]) -> Row:
    taken.sort()
    note = f"p50 {statistics.median(taken):.0f}"
    return Row(name=f"{name}, p95", value=taken[len(taken) * 95 // 100], unit="ms", note=note)


def _moved(
    page: Page, devtools: CDPSession, moving: str, argument: object
) -> tuple[list[float], float]:
    """Move something; return how long frames took (ms, the shortest first), and script a frame."""
    before = _script_seconds(devtools)
    frames = sorted(page.evaluate(moving, argument))
    return frames, (_script_seconds(devtools) - before) * 1_000 / len(frames)


def _script_seconds(devtools: CDPSession) -> float:
    devtools.send("Performance.enable")
    metrics: list[dict[str, Any]] = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "ScriptDuration"))
