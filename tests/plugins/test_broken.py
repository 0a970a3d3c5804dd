"""Plugins that are broken in every way, each with a monitor that is none the worse for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor import Config, Monitor
from claude_mpm_monitor.plugins.guard import BREAKER

IMPORT = "from claude_mpm_monitor import *\nfrom claude_mpm_monitor import hookimpl\n"
#: A plugin beside each broken one: it has to work as if that one were not there.
SOUND = (
    IMPORT
    + """
class Counts:
    name = "sound"
    version = 1
    topics = ("sound",)

    def apply(self, event, documents):
        known = documents.get("sound", "all") or {"n": 0}
        documents.put("sound", "all", {"n": known["n"] + 1})

@hookimpl
def monitor_register_analyzers():
    return [Counts()]
"""
)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[[str], Monitor]]:
    """Start a monitor with a sound plugin and one of this source, called `broken`."""
    monitors: list[Monitor] = []

    def start(source: str) -> Monitor:
        folder = tmp_path / "plugins"
        folder.mkdir()
        (folder / "broken.py").write_text(IMPORT + source)
        (folder / "sound.py").write_text(SOUND)
        monitors.append(Monitor(Config(home=tmp_path, port=0)).start())
        return monitors[-1]

    yield start
    for monitor in monitors:
        monitor.close()


def tell(monitor: Monitor, events: int = 3) -> None:
    """Have events stored, as Claude's hooks bring them."""
    talk = Talk("s1")
    for number in range(events):
        payload = talk.pre(f"u{number}", "Bash", command="ls")
        assert post(monitor.port, "/hooks/claude", payload).status == 204


def works(monitor: Monitor, events: int = 3) -> None:
    """Everything but the broken plugin does what it is to do."""
    assert get(monitor.port, "/dashboard").status == 200
    eventually(lambda: monitor.query.counts("s1")["tool_calls"] == events)
    eventually(lambda: (found := monitor.query.document("sound", "all")) and found.value["n"])
    eventually(lambda: monitor.query.document("sound", "all").value["n"] >= events)  # type: ignore[union-attr]
    assert state(monitor, "sound")["state"] == "active"


def state(monitor: Monitor, name: str = "broken") -> dict[str, Any]:
    told = json.loads(get(monitor.port, "/api/v1/plugins").body)["plugins"]
    return next(plugin for plugin in told if plugin["name"] == name)


def analyzer(body: str, more: str = "") -> str:
    return f"""
class Broken:
    name = "broken"
    version = 1
    topics = ("broken",)
    def apply(self, event, documents):
        {body}
{more}
@hookimpl
def monitor_register_analyzers():
    return [Broken()]
"""


@pytest.mark.parametrize(
    ("source", "error", "line"),
    [
        ("import nothing_of_that_name\n", "ModuleNotFoundError", "line 3"),
        ("def half(:\n", "SyntaxError", "line 3"),
        ("raise SystemExit('no')\n", "SystemExit", "line 3"),
        ("@hookimpl\ndef monitor_started(nonsense): pass\n", "nonsense", ""),
        ("@hookimpl\ndef monitor_register_rules():\n    return 1 / 0\n", "ZeroDivision", "line 5"),
        ("@hookimpl\ndef monitor_register_rules():\n    return [5]\n", "cannot be one of", ""),
        ("@hookimpl\ndef monitor_register_rules():\n    return 5\n", "not iterable", ""),
        ("@hookimpl(wrapper=True)\ndef monitor_started():\n    yield\n", "wraps others", ""),
        ("MONITOR_API_VERSION = (99, 0)\n", "upgrade claude-mpm-monitor", ""),
        (
            "from pathlib import Path\n@hookimpl\ndef monitor_register_widgets():\n"
            "    return [WidgetSpec(id='a.b', title='', module='no.js', static_dir=Path('/'))]\n",
            "there is no /no.js",
            "",
        ),
        (
            "@hookimpl\ndef monitor_register_routes():\n"
            "    return [RouteSpec(path='<a', handler=print, summary='')]\n",
            "is no path",
            "",
        ),
        (analyzer("pass").replace('("broken",)', '("session",)'), "kept by 'monitor.spans'", ""),
        (analyzer("pass").replace('"broken"\n', '"monitor.spans"\n'), "is taken", ""),
        (
            "@hookimpl\ndef monitor_register_commands():\n"
            "    return [CommandSpec(name='serve', load=print)]\n",
            "is taken",
            "",
        ),
    ],
)
def test_one_that_cannot_be_used_is_shown_as_failed_with_the_line(
    running: Callable[[str], Monitor], source: str, error: str, line: str
) -> None:
    monitor = running(source)
    tell(monitor)

    works(monitor)
    assert state(monitor)["state"] == "failed"
    assert error in state(monitor)["error"]
    assert line in state(monitor)["error"]
    assert monitor.status()["problems"] == ["1 plugin failed: see `mpm-monitor plugins`."]


def test_one_that_raises_is_put_in_quarantine_and_may_be_given_another_chance(
    running: Callable[[str], Monitor], tmp_path: Path
) -> None:
    mended = tmp_path / "mended"
    source = f"if not __import__('os').path.exists({str(mended)!r}): raise ValueError('x')"
    done = "        documents.put('broken', 'all', {'seq': event.seq})\n"
    monitor = running(analyzer(source, done))
    tell(monitor, BREAKER + 5)

    works(monitor, BREAKER + 5)
    eventually(lambda: state(monitor)["state"] == "quarantined")
    assert "ValueError: x (plugins/broken.py, line 9)" in state(monitor)["error"]
    mended.touch()
    assert post(monitor.port, "/api/v1/plugins/broken/enable", {}).status == 200
    last = monitor.query.last_seq()
    eventually(lambda: monitor.query.document("broken", "all"))
    eventually(lambda: monitor.query.document("broken", "all").value["seq"] == last)  # type: ignore[union-attr]
    assert state(monitor)["state"] == "active"


def test_one_that_calls_for_the_end_of_the_process_ends_nothing(
    running: Callable[[str], Monitor],
) -> None:
    monitor = running(
        "import sys\n"
        "class Leaving:\n"
        "    name = 'leaving'\n"
        "    def enrich(self, event): sys.exit(3)\n"
        "def leave(call): sys.exit(4)\n"
        "@hookimpl\n"
        "def monitor_register_enrichers(): return [Leaving()]\n"
        "@hookimpl\n"
        "def monitor_register_routes():\n"
        "    return [RouteSpec(path='leave', handler=leave, summary='')]\n"
    )
    tell(monitor)

    answer = get(monitor.port, "/api/v1/plugins/broken/leave")

    assert answer.status == 500
    assert b"SystemExit: 4 (plugins/broken.py, line 7)" in answer.body
    works(monitor)
    assert state(monitor)["failures"] >= 4
    (problem,) = monitor.status()["problems"]
    assert problem.startswith("The plugin broken has failed ")
    assert "goes on: answering GET leave: " in problem
    assert problem.endswith("SystemExit: 4 (plugins/broken.py, line 7).")


def test_an_analyzer_that_calls_for_the_end_of_the_process_is_put_in_quarantine(
    running: Callable[[str], Monitor],
) -> None:
    monitor = running(analyzer("raise SystemExit(5)"))
    tell(monitor, BREAKER)

    works(monitor, BREAKER)
    eventually(lambda: state(monitor)["state"] == "quarantined")
    assert "SystemExit: 5 (plugins/broken.py, line 9)" in state(monitor)["error"]


def test_settings_that_call_for_the_end_of_the_process_end_nothing(
    running: Callable[[str], Monitor],
) -> None:
    monitor = running("@hookimpl\ndef monitor_register_settings(): raise SystemExit(6)\n")
    tell(monitor)

    works(monitor)
    assert state(monitor)["state"] == "failed"
    assert "SystemExit: 6" in state(monitor)["error"]


def hanging(where: str) -> str:
    wait = "import threading; threading.Event().wait(60)"
    return {
        "enricher": f"""
class Broken:
    name = "broken"
    def enrich(self, event):
        {wait}
@hookimpl
def monitor_register_enrichers(): return [Broken()]
""",
        "redactor": f"""
class Broken:
    name = "broken"
    def redact(self, text):
        {wait}
@hookimpl
def monitor_register_redactors(): return [Broken()]
""",
        "rule": f"""
class Broken:
    name = "broken"
    topics = ("session",)
    def conditions(self, change):
        {wait}
@hookimpl
def monitor_register_rules(): return [Broken()]
""",
        "analyzer": analyzer(wait),
    }[where]


@pytest.mark.parametrize("where", ["enricher", "redactor", "rule", "analyzer"])
def test_one_that_hangs_is_given_up_with_the_line_and_holds_nothing_up(
    running: Callable[[str], Monitor], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr("claude_mpm_monitor.plugins.registry.QUICK_SECONDS", 0.2)
    monkeypatch.setattr("claude_mpm_monitor.pipeline.alerts.RULE_SECONDS", 0.2)
    monkeypatch.setattr("claude_mpm_monitor.pipeline.apart.HANG_SECONDS", 0.2)
    monitor = running(hanging(where))
    tell(monitor)

    works(monitor)
    eventually(lambda: state(monitor)["state"] == "quarantined")
    assert "did not return within 0.2 s (plugins/broken.py, line" in state(monitor)["error"]


def test_one_that_hangs_as_it_is_loaded_does_not_keep_the_monitor_from_starting(
    running: Callable[[str], Monitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claude_mpm_monitor.plugins.loader.LOAD_SECONDS", 0.2)
    monitor = running("import threading\nthreading.Event().wait(60)\n")
    tell(monitor)

    works(monitor)
    assert "did not return within 0.2 s (plugins/broken.py, line 4)" in state(monitor)["error"]


def test_one_that_hangs_as_the_monitor_stops_does_not_keep_it_from_stopping(
    running: Callable[[str], Monitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claude_mpm_monitor.plugins.registry.HOOK_SECONDS", 0.2)
    monitor = running(
        "import threading\n@hookimpl\ndef monitor_stopping(): threading.Event().wait(60)\n"
    )
    tell(monitor)
    works(monitor)

    monitor.close()

    (told,) = (one for one in monitor.plugins.states() if one["name"] == "broken")
    assert "monitor_stopping: Hung" in told["error"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("documents.put('broken', 'a', {'x': 'x' * 5_000_000})", "bytes was expected"),
        ("[documents.put('broken', str(n), {}) for n in range(30_000)]", "of them at once"),
        ("documents.put('broken', 'a', {'x': object()})", "unsupported"),
        ("documents.put('session', 's1', {})", "not among the analyzer's own"),
    ],
)
def test_one_that_floods_or_writes_what_is_no_document_is_told(
    running: Callable[[str], Monitor], body: str, error: str
) -> None:
    monitor = running(analyzer(body))
    tell(monitor)

    works(monitor)
    eventually(lambda: state(monitor)["failures"])
    assert error in state(monitor)["error"]


def test_one_that_is_slow_lags_and_says_how_far_while_nothing_else_does(
    running: Callable[[str], Monitor], tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    wait = f"while not os.path.exists({str(gate)!r}): time.sleep(0.01)"
    monitor = running("import os, time\n" + analyzer(wait))
    tell(monitor)

    works(monitor)
    eventually(lambda: state(monitor)["lag"].get("broken", 0) >= 3)
    assert monitor.status()["consumer"]["lag"] == 0
    gate.touch()
    eventually(lambda: state(monitor)["lag"]["broken"] == 0)


def test_one_that_is_too_slow_ten_times_in_a_row_is_put_in_quarantine(
    running: Callable[[str], Monitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        __import__("claude_mpm_monitor.plugins.registry", fromlist=["_BUDGETS"])._BUDGETS,
        "monitor_register_enrichers",
        0.0,
    )
    monitor = running(
        "class Slow:\n    name = 'slow'\n    def enrich(self, event): return event\n"
        "@hookimpl\ndef monitor_register_enrichers(): return [Slow()]\n"
    )
    tell(monitor, BREAKER + 1)

    works(monitor, BREAKER + 1)
    assert state(monitor)["state"] == "quarantined"
    assert "0 s at most were expected, 10 times in a row" in state(monitor)["error"]


def test_one_that_leaves_threads_behind_does_not_keep_the_monitor_from_ending(
    running: Callable[[str], Monitor],
) -> None:
    before = threading.enumerate()
    monitor = running(
        "import threading\nKEPT = []\n"
        + analyzer(
            "KEPT.append(threading.Thread(target=threading.Event().wait, args=(60,), daemon=True))"
            "\n        KEPT[-1].start()"
        )
    )
    tell(monitor)

    works(monitor)
    monitor.close()
    mine = [one for one in threading.enumerate() if one not in before and "mpm-mon" in one.name]
    eventually(lambda: not any(one.is_alive() for one in mine))


def test_two_of_one_name_are_both_shown(running: Callable[[str], Monitor], tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "sound.py").write_text(SOUND)
    home = tmp_path / "other"
    config = Config(home=home, port=0, plugin_files=(folder / "sound.py", folder / "sound.py"))

    with Monitor(config) as monitor:
        assert state(monitor, "sound")["state"] == "active"
        assert state(monitor, "sound-1")["state"] == "failed"
        assert "'sound' is taken: the plugin sound has one" in state(monitor, "sound-1")["error"]
