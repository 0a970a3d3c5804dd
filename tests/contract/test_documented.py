"""What is documented exists, and what is public is documented."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from claude_mpm_monitor.hookspecs import SPECIFICATIONS
from claude_mpm_monitor.static import STATIC_ROOT

import claude_mpm_monitor
from claude_mpm_monitor import config as config_module
from claude_mpm_monitor.analysis.alerts import KIND, AlertAnalyzer
from claude_mpm_monitor.analysis.commits import CommitAnalyzer
from claude_mpm_monitor.analysis.coverage import CoverageAnalyzer
from claude_mpm_monitor.analysis.results import KIND as RESULT
from claude_mpm_monitor.analysis.results import ResultAnalyzer
from claude_mpm_monitor.analysis.spans import SpanAnalyzer
from claude_mpm_monitor.analysis.usage import UsageAnalyzer
from claude_mpm_monitor.cli.main import COMMANDS
from claude_mpm_monitor.ingest.hooks import HookDecoder
from claude_mpm_monitor.model.alert import Alert
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.model.widget import WidgetSpec
from claude_mpm_monitor.plugins import builtin
from claude_mpm_monitor.pricing.table import PriceTable
from claude_mpm_monitor.sample.replay import replay
from claude_mpm_monitor.sample.story import session
from claude_mpm_monitor.search.fields import FIELDS
from claude_mpm_monitor.server import ingest as ingest_routes
from claude_mpm_monitor.server import openapi
from claude_mpm_monitor.server.api.documents import COLLECTIONS
from claude_mpm_monitor.server.api.parts import PARTS
from claude_mpm_monitor.server.api.plugins import path_of

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def text_of(name: str) -> str:
    return (DOCS / name).read_text()


def first_cells(text: str) -> list[str]:
    """The code words in the first cell of every table row."""
    rows = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    return [word for cell in rows for word in re.findall(r"`([^`]+)`", cell)]


def section(text: str, heading: str) -> str:
    """What stands below `heading` up to the next one of any level."""
    return re.split(r"^#+ ", text.split(heading, 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


HOOKS = {
    name: function
    for module in SPECIFICATIONS
    for name, function in vars(module).items()
    if name.startswith("monitor_")
}


def signature(name: str, function: Any) -> str:
    return name + str(inspect.signature(function)).replace("'", "")


def test_every_hook_has_a_heading_with_its_exact_signature() -> None:
    headings = re.findall(r"^### `(monitor_.*)`$", text_of("plugin-hooks.md"), re.MULTILINE)

    assert set(headings) == {signature(name, function) for name, function in HOOKS.items()}


def test_the_table_of_hooks_in_the_package_is_complete() -> None:
    import claude_mpm_monitor.hookspecs as package

    assert set(re.findall(r"``(monitor_\w+)``", package.__doc__ or "")) == set(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_says_since_when_it_is_there(name: str) -> None:
    assert ".. versionadded::" in (HOOKS[name].__doc__ or "")


def variables_in_code() -> set[str]:
    found = set()
    for path in (ROOT / "claude_mpm_monitor").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^CLAUDE_MPM_(?:MONITOR\w*|NO_BROWSER)$", node.value))
    # Between a run and the hooks it starts; nobody sets it.
    return found - {"CLAUDE_MPM_MONITOR_RUN"}


def test_every_setting_is_documented_and_read() -> None:
    documented = {cell for cell in first_cells(text_of("configuration.md")) if cell.isupper()}
    at_the_definition = set(re.findall(r"``(CLAUDE_MPM_\w+)``", config_module.__doc__ or ""))

    assert documented == at_the_definition == variables_in_code()


def test_every_setting_of_what_is_built_in_is_documented() -> None:
    documented = first_cells(section(text_of("configuration.md"), "## Plugins"))

    assert documented == [setting.name for setting in builtin.monitor_register_settings()]


def test_every_field_of_a_query_is_documented() -> None:
    table = text_of("search.md").split("| field | is |", 1)[1]
    rows = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)

    assert [word for row in rows for word in re.findall(r"`(\w+)`", row)] == list(FIELDS)


def routes() -> set[tuple[str, str]]:
    services: Any = None
    reading = {(method, rule) for part in PARTS for method, rule, _ in part(services).routes()}
    reading |= {
        (route.method, path_of("builtin", route)) for route in builtin.monitor_register_routes()
    }
    delivering = {("POST", path) for path in ingest_routes._DIALECTS}
    return reading | delivering | {("GET", openapi.PATH)}


def test_every_route_is_documented_and_served() -> None:
    rows = re.findall(
        r"^\| (GET|POST|PUT|DELETE) \| `(.*?)` \|", text_of("rest-api.md"), re.MULTILINE
    )

    assert set(rows) == routes()


def test_every_list_of_documents_is_named() -> None:
    text = text_of("rest-api.md")

    for path, (_, name) in COLLECTIONS.items():
        assert f"| GET | `/api/v1/{path}` | `{name}` |" in text


def test_every_field_of_an_event_is_documented() -> None:
    event = Event(kind="k", session_id="s", at=0, source="s", payload=b"{}")

    assert first_cells(section(text_of("events.md"), "## Events"))[: len(event.head())] == [
        *event.head()
    ]


ANALYZERS = (
    SpanAnalyzer(),
    CoverageAnalyzer(),
    UsageAnalyzer(PriceTable.builtin()),
    CommitAnalyzer(),
    AlertAnalyzer(),
    ResultAnalyzer(),
)
ALERT = Alert(rule="r", key="k", state="firing", since=1, at=2, title="T")


class Documents(dict[tuple[str, str], dict[str, Any]]):
    """The documents of an analyzer, in memory."""

    def put(self, topic: str, key: str, value: dict[str, Any], **place: Any) -> None:
        self[topic, key] = value

    def get(self, topic: str, key: str) -> dict[str, Any] | None:  # type: ignore[override]
        return super().get((topic, key))


@pytest.fixture(scope="module")
def derived() -> Documents:
    """What the sample session leaves behind."""
    raws: list[Raw] = []
    replay(session(), raws.append, lambda seconds: None, head_start=1_000.0)
    documents = Documents()
    for seq, raw in enumerate(raws, 1):
        for event in HookDecoder().decode(raw):
            for analyzer in ANALYZERS:
                analyzer.apply(msgspec.structs.replace(event, seq=seq), documents)
    for analyzer in ANALYZERS:
        if isinstance(analyzer, CoverageAnalyzer | SpanAnalyzer | UsageAnalyzer):
            analyzer.settle(documents)
    alert = Event(kind=KIND, session_id="", at=2, source="api", payload=msgspec.json.encode(ALERT))
    AlertAnalyzer().apply(alert, documents)
    kept = {"name": "n", "title": "t", "plugin": "p", "question": {}, "at": 1, "sections": []}
    payload = msgspec.json.encode(kept)
    result = Event(kind=RESULT, session_id="", at=2, source="api", payload=payload)
    ResultAnalyzer().apply(result, documents)
    return documents


@pytest.fixture(scope="module")
def used() -> Documents:
    """What a transcript leaves behind in which nothing is missing."""
    usage = {"input_tokens": 1, "output_tokens": 2}
    message = {"id": "m1", "model": "claude-opus-5", "usage": usage}
    lines: list[dict[str, Any]] = [
        {"type": "user", "uuid": "p1", "message": {"content": "Do it"}},
        {"type": "assistant", "requestId": "r1", "message": message},
        {"type": "assistant", "requestId": "r1", "message": {**message, "id": "m2"}},
        {"type": "system", "subtype": "compact_boundary"},
        {"type": "cost-state", "totalCostUSD": 1.5},
        {"type": "assistant", "isApiErrorMessage": True},
    ]
    documents, analyzer = Documents(), UsageAnalyzer(PriceTable.builtin())
    for at, line in enumerate(lines):
        payload = msgspec.json.encode(line)
        kind = f"transcript.{line['type']}"
        event = Event(kind=kind, session_id="s", at=at, source="transcript", payload=payload)
        analyzer.apply(event, documents)
    printed = {"stdout": "[main 1a2b3c4] Subject\n 1 file changed"}
    bash = {"tool_name": "Bash", "tool_use_id": "u", "tool_response": printed}
    payload = msgspec.json.encode(bash)
    event = Event(kind="PostToolUse", session_id="s", at=8, source="http_hook", payload=payload)
    CommitAnalyzer().apply(event, documents)
    metric = {"value": 1, "attributes": {"type": "added"}}
    payload, kind = msgspec.json.encode(metric), "otel.metric.lines_of_code.count"
    analyzer.apply(
        Event(kind=kind, session_id="s", at=9, source="otel", payload=payload), documents
    )
    analyzer.settle(documents)
    return documents


TOPICS = [topic for analyzer in ANALYZERS for topic in analyzer.topics if not topic.startswith("_")]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_field_of_a_document_is_documented(
    topic: str, derived: Documents, used: Documents
) -> None:
    documents = [*derived.items(), *used.items()]
    fields = {field for place, value in documents if place[0] == topic for field in value}

    assert fields
    assert fields == set(first_cells(section(text_of("events.md"), f"### Topic `{topic}`")))


def test_every_command_is_in_the_readme() -> None:
    named = re.findall(r"^\| `mpm-monitor (\S+?)[ `]", (ROOT / "README.md").read_text(), re.M)

    assert sorted(named) == sorted(COMMANDS)


def test_every_public_name_is_documented() -> None:
    documented = first_cells(section(text_of("writing-plugins.md"), "## What a plugin may import"))

    assert sorted([*documented, "__version__"]) == sorted(claude_mpm_monitor.__all__)


def test_every_public_name_can_be_imported() -> None:
    for name in claude_mpm_monitor.__all__:
        assert getattr(claude_mpm_monitor, name)


def test_every_field_of_a_widget_is_documented() -> None:
    text = text_of("writing-widgets.md").split("## What the page gives")[0]

    assert first_cells(text) == list(WidgetSpec.__struct_fields__)


def test_every_export_of_the_sdk_is_documented() -> None:
    source = (STATIC_ROOT / "js" / "sdk.js").read_text()
    exported = {
        *re.findall(r"^export (?:class|function|const) (\w+)", source, re.MULTILINE),
        *(
            name.strip()
            for names in re.findall(r"^export \{(.*?)\}", source, re.M | re.S)
            for name in names.split(",")
            if name.strip()
        ),
    }
    documented = section(text_of("writing-widgets.md"), "## What a module may import")

    assert exported == set(first_cells(documented))


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *DOCS.rglob("*.md"), ROOT / "CONTRIBUTING.md"]
    broken = {
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    }

    assert not broken


def test_the_import_map_leads_to_files_that_are_shipped() -> None:
    imports = json.loads((STATIC_ROOT / "importmap.json").read_text())["imports"]

    for target in imports.values():
        assert (STATIC_ROOT / target.removeprefix("/static/")).exists(), target
