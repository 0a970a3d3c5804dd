"""The examples do what they say, loaded as a monitor loads any plugin."""

from __future__ import annotations

import configparser
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from urllib.request import urlopen

import pytest
from testkit.examples import EXAMPLES, load

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.testing import Session

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted(path.parent.name for path in EXAMPLES.glob("*/setup.cfg"))


@pytest.mark.parametrize("name", PACKAGES)
def test_an_example_is_a_package_that_declares_its_plugin(name: str) -> None:
    config = configparser.ConfigParser()
    config.read(EXAMPLES / name / "setup.cfg")

    key, value = config["options.entry_points"]["claude_mpm_monitor"].split(" = ")
    assert (key.strip(), value.partition(":")[0]) == (name, name)
    assert config["options"]["install_requires"].split()[0] == "claude-mpm-monitor"
    assert (EXAMPLES / name / "pyproject.toml").is_file()


@pytest.mark.parametrize("name", PACKAGES)
def test_a_monitor_loads_the_example(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = load(name, monkeypatch)
    given = getattr(plugin, "plugin", plugin)
    label = getattr(given, "__name__", type(given).__name__)
    with Monitor(home=tmp_path, port=0, plugins=[given]) as monitor:
        (state,) = [state for state in monitor.plugins.states() if state["name"] == label]

    assert (state["state"], state["error"]) == ("active", "")


def test_every_example_is_in_the_list() -> None:
    text = (EXAMPLES / "README.md").read_text()

    assert sorted(re.findall(r"^\| `(\w+)`", text, re.MULTILINE)) == PACKAGES


class Documents(dict[tuple[str, str], dict[str, object]]):
    """The documents of an analyzer, in memory."""

    def put(self, topic: str, key: str, value: dict[str, object], **place: str) -> None:
        self[topic, key] = value

    def get(self, topic: str, key: str) -> dict[str, object] | None:  # type: ignore[override]
        return super().get((topic, key))


def test_slow_tools_counts_calls_and_keeps_the_slowest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = load("slow_tools", monkeypatch)
    (analyzer,) = plugin.monitor_register_analyzers(SimpleNamespace(limit_seconds=5.0))
    documents = Documents()
    with Monitor(home=tmp_path, port=0) as monitor:
        for milliseconds in (4_999, 9_000, 5_000):
            monitor.ingest(hook("PostToolUse", duration_ms=milliseconds))
        monitor.ingest(hook("PreToolUse"))
        for seq in range(1, monitor.query.last_seq() + 1):
            event = monitor.query.event(seq)
            assert event is not None
            analyzer.apply(event, documents)

    tool = documents["slow_tools", "Bash"]
    assert (tool["calls"], tool["slow_calls"]) == (3, 2)
    assert tool["slowest"] == {
        "duration_us": 9_000_000,
        "session_id": "s",
        "seq": 2,
        "summary": "make",
    }


def test_slow_calls_are_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = load("slow_tools", monkeypatch)
    with Monitor(home=tmp_path, port=0, plugins=[plugin]) as monitor:
        session = Session().start().prompt("Build it")
        session.bash("make clean", seconds=9).bash("make", seconds=11).bash("make all", seconds=12)
        session.stop().tell(monitor)
        with urlopen(f"{monitor.url}/api/v1/analysis/slow-calls", timeout=5) as response:
            (section,) = json.load(response)["sections"]

    assert [(found["title"], found["detail"]) for found in section["findings"]] == [
        ("Bash took 12.0 s", "make all"),
        ("Bash took 11.0 s", "make"),
    ]
    assert all(found["tool_use_id"] for found in section["findings"])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *((0.04, "0.0 s"), (59.9, "59.9 s"), (60, "1 min 00 s"), (3_599.4, "59 min 59 s")),
        *((3_599.6, "1 h 00 min"), (78_675.7, "21 h 51 min")),
    ],
)
def test_a_duration_is_told_as_a_person_says_it(
    seconds: float, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load("slow_tools", monkeypatch).lasted(int(seconds * 1e6)) == words


def test_waiting_for_a_person_makes_no_call_slow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = load("slow_tools", monkeypatch)
    with Monitor(home=tmp_path, port=0, plugins=[plugin]) as monitor:
        session = Session().start().prompt("Release it")
        session.denied("Bash", {"command": "git push"}, "Not today", seconds=60).stop()
        session.tell(monitor)
        with urlopen(f"{monitor.url}/api/v1/analysis/slow-calls", timeout=5) as response:
            (section,) = json.load(response)["sections"]

    assert section["findings"] == []


def test_scripts_are_told_of_failures_as_the_page_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = load("failure_board", monkeypatch)
    with Monitor(home=tmp_path, port=0, plugins=[plugin]) as monitor:
        for name in ("a", "b"):
            session = Session(name).start().prompt("Mend it").bash("ls")
            session.failing("Bash", {"command": "make"}).stop().tell(monitor)
        totals = []
        for asked in ("", "?session=a", "?session=none"):
            url = f"{monitor.url}/api/v1/plugins/failure_board/totals{asked}"
            with urlopen(url, timeout=5) as response:
                totals.append(json.load(response))

    assert totals == [{"Bash": {"calls": 4, "failed": 2}}, {"Bash": {"calls": 2, "failed": 1}}, {}]


def hook(kind: str, **fields: object) -> object:
    from claude_mpm_monitor import Raw

    payload = {
        "hook_event_name": kind,
        "session_id": "s",
        "tool_name": "Bash",
        "tool_use_id": f"toolu_{kind}_{fields.get('duration_ms')}",
        "tool_input": {"command": "make"},
        **fields,
    }
    body = json.dumps(payload).encode()
    return Raw(dialect="claude_hook", body=body, at=1_000_000, source="http_hook")


def test_the_dashboard_is_told_of_the_failure_board_and_can_load_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = load("failure_board", monkeypatch)
    with Monitor(home=tmp_path, port=0, plugins=[plugin]) as monitor:
        with urlopen(f"{monitor.url}/api/v1/widgets", timeout=5) as response:
            widgets = {widget["id"]: widget for widget in json.load(response)["widgets"]}
        module = widgets["example.failure-board"]["module"]
        with urlopen(f"{monitor.url}{module}", timeout=5) as response:
            assert response.headers["Content-Type"].startswith("text/javascript")
            assert b"export default class" in response.read()


def test_the_library_example_records_reacts_and_counts(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, str(EXAMPLES / "count_events.py"), str(tmp_path / "home")],
        capture_output=True,
        text=True,
        check=True,
        timeout=25,
        cwd=tmp_path,
    )

    assert "3 events stored: version 1.2.0 is out, version 1.2.1 is out" in result.stdout


def test_a_table_is_imported_once(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "plugins"
    folder.mkdir(parents=True)
    shutil.copy(EXAMPLES / "import_csv.py", folder)
    table = tmp_path / "deployments.csv"
    table.write_text(
        "time,kind,session,text,who\n"
        '2026-03-01T10:00:00Z,Deployed,release,"1.2, at last",me\n'
        "2026-03-01T11:00:00Z,Deployed,release,1.3,me\n"
    )
    command = [sys.executable, "-m", "claude_mpm_monitor", "import", "--home", tmp_path / "home"]
    told = []
    for _ in range(2):
        done = subprocess.run(
            [*command, "--json", table], capture_output=True, check=True, timeout=25, cwd=tmp_path
        )
        told.append(json.loads(done.stdout)["stored"])
        os.utime(table)

    assert told == [2, 0]
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        event = monitor.query.event(1)
    assert event is not None
    assert (event.summary, event.at) == ("1.2, at last", 1_772_359_200_000_000)
    assert event.data()["who"] == "me"


@pytest.mark.parametrize(
    "content", ["time,kind,session,text,größe\n".encode("latin-1"), b"x" * 150_000]
)
def test_a_file_that_is_no_table_is_left_to_others(content: bytes, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_bytes(content)
    importer = runpy.run_path(str(EXAMPLES / "import_csv.py"))["CsvImporter"]()

    assert importer.reads(table) is False


def readme_blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


def test_the_first_program_in_the_readme_runs(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", readme_blocks()[0]],
        capture_output=True,
        text=True,
        check=True,
        timeout=25,
        cwd=tmp_path,
    )

    assert "1 events stored" in result.stdout


def test_the_plugin_in_the_readme_is_one(tmp_path: Path) -> None:
    plugin = ModuleType("readme_plugin")
    exec(readme_blocks()[1], plugin.__dict__)

    with Monitor(home=tmp_path, port=0, plugins=[plugin]) as monitor:
        (state,) = [s for s in monitor.plugins.states() if s["name"] == "readme_plugin"]

    assert (state["state"], state["hooks"]) == ("active", ["monitor_claude_exited"])
