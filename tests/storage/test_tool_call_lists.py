"""Lists of tool calls: whichever way they are read, they say the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.events import new_event
from testkit.log import ImmediateLog

from claude_mpm_monitor.storage import query as query_module
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.document import Document
from claude_mpm_monitor.storage.document_order import Sorting
from claude_mpm_monitor.storage.documents import DocumentStore
from claude_mpm_monitor.storage.query import Query

SECOND = 1_000_000
MISSING: dict[str, int | str] = {
    "started_at": 0,
    "duration_us": -1,
    "tool_name": "",
    "detail": "",
    "agent_type": "",
    "status": "",
}
PROJECTS = {"s-0": "/work/a", "s-1": "/work/b", "s-2": "/work/b"}
Call = dict[str, Any]


def _calls() -> list[Call]:
    dice = Random(9)
    calls: list[Call] = []
    for number in range(240):
        name = dice.choice(["Bash", "Bash", "Bash", "Read", "Edit", "mcp__docs__find"])
        status = dice.choice(["ok"] * 12 + ["error", "error", "denied", "running"])
        path = dice.choice(["/work/a/x.py", "/work/a/y.rs"]) if name in ("Read", "Edit") else None
        call: Call = {
            "session_id": f"s-{dice.choice([0, 0, 0, 0, 1, 2])}",
            "tool_use_id": f"u{number}",
            "tool_name": name,
            "status": status,
            "agent_id": dice.choice(["", "a-1"]),
            "started_at": dice.randrange(1, 100) * SECOND,
            "detail": dice.choice(["", "make test", "say"]),
            "file": path and {"path": path},
            "error": "no such file" if status == "error" else "",
            "says": dice.choice(["needle here", "some hay", "hay"]),
        }
        # Only hooks tell a call's agent by its type; the agent itself is known to be one.
        call["agent_type"] = dice.choice(["", "tester"]) if call["agent_id"] else ""
        if status != "running":
            call["duration_us"] = dice.randrange(20) * SECOND
        calls.append(call)
    return calls


CALLS = _calls()


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Query]:
    database = Database(Path(tmp_path_factory.mktemp("store")) / "monitor.db")
    with closing(database.connect()) as connection:
        log, store = ImmediateLog(connection), DocumentStore(connection)
        for number, call in enumerate(CALLS):
            for kind in ("PreToolUse", "PostToolUse"):
                log.append(_event(call, kind))
            stamp = new_event(seq=number * 2 + 2, session_id=call["session_id"])
            store.begin(stamp, ("tool_call", "session", "agent"))
            key = f"{call['session_id']}/{call['tool_use_id']}"
            store.put("tool_call", key, call, agent_id=call["agent_id"])
        for session, project in PROJECTS.items():
            of_it = sum(call["session_id"] == session for call in CALLS)
            value = {"project": project, "model": "m", "tool_calls": of_it}
            store.put("session", session, value, session_id=session)
            store.put("agent", f"{session}/a-1", {"agent_type": "tester"}, session_id=session)
        connection.execute("BEGIN")
        store.flush()
        connection.execute("COMMIT")
    query = Query(database)
    yield query
    query.close()


def _event(call: Call, kind: str) -> Any:
    fields = {name: call[name] for name in ("session_id", "tool_use_id", "tool_name", "agent_id")}
    payload = json.dumps({"tool_response": call["says"]}).encode()
    return new_event(kind=kind, at=call["started_at"], payload=payload, **fields)


def _key(call: Call) -> str:
    return f"{call['session_id']}/{call['tool_use_id']}"


def _expected(fits: Callable[[Call], bool], field: str, descending: bool) -> list[str]:
    """Return the keys wanted; the calls are in the order of their seqs, and of being there."""

    def place(one: tuple[int, Call]) -> tuple[Any, int]:
        return (one[1].get(field, MISSING[field]) if field else 0, one[0])

    found = [(number, call) for number, call in enumerate(CALLS) if fits(call)]
    return [_key(call) for _, call in sorted(found, key=place, reverse=descending)]


def _paged(query: Query, field: str, descending: bool, limit: int, **wanted: Any) -> list[Document]:
    found: list[Document] = []
    while True:
        last = found[-1] if found else None
        going_on: dict[str, Any] = {"newest_first": descending}
        if field:
            past = last and last.value.get(field, MISSING[field])
            going_on["sorting"] = Sorting(
                field=field,
                missing=MISSING[field],
                descending=descending,
                past=past,
                past_key=last.key if last else "",
            )
        elif last:
            going_on["before" if descending else "after"] = last.seq
            going_on["beyond_key"] = last.key
        page = query.documents("tool_call", limit=limit, **wanted, **going_on)
        found += page
        if len(page) < limit:
            return found


some = st.none() | st.sets(st.sampled_from(["ok", "error", "denied", "running", "never"]))


@given(
    statuses=some,
    tool=st.sampled_from(["", "Bash", "Edit", "Never"]),
    session=st.sampled_from(["", "s-0", "s-2"]),
    project=st.sampled_from(["", "/work/b", "/work/none"]),
    path=st.sampled_from(["", "/work/a/x.py"]),
    agent=st.sampled_from([None, "", "a-1"]),
    field=st.sampled_from(["", *MISSING]),
    descending=st.booleans(),
    limit=st.sampled_from([1, 7, 200]),
)
def test_pages_of_a_list_are_the_whole_of_what_fits_in_order(
    query: Query,
    statuses: set[str] | None,
    tool: str,
    session: str,
    project: str,
    path: str,
    agent: str | None,
    field: str,
    descending: bool,
    limit: int,
) -> None:
    def fits(call: Call) -> bool:
        return (
            (not statuses or call["status"] in statuses)
            and (not tool or call["tool_name"] == tool)
            and (not session or call["session_id"] == session)
            and (not project or PROJECTS[call["session_id"]] == project)
            and (not path or (call["file"] or {}).get("path") == path)
            and (agent is None or call["agent_id"] == agent)
        )

    matching: dict[Any, Any] = {}
    if statuses:
        matching["status"] = tuple(statuses)
    if tool:
        matching["tool_name"] = tool
    if path:
        matching["file", "path"] = path
    wanted = {"session_id": session, "project": project, "agent_id": agent, "matching": matching}

    found = _paged(query, field, descending, limit, **wanted)

    assert [document.key for document in found] == _expected(fits, field, descending)


TEXTS: dict[str, Callable[[Call], bool]] = {
    "status:error": lambda call: call["status"] == "error",
    "status:ERROR needle": lambda call: call["status"] == "error" and "needle" in call["says"],
    "-status:ok": lambda call: call["status"] != "ok",
    "tool:bash": lambda call: call["tool_name"] == "Bash",
    "tool:mcp__*": lambda call: call["tool_name"].startswith("mcp__"),
    "-tool:Bash -hay": lambda call: call["tool_name"] != "Bash" and "hay" not in call["says"],
    "dur>5s": lambda call: call.get("duration_us", 0) > 5 * SECOND,
    "dur<=2s status:ok": lambda call: (
        call["status"] == "ok" and call.get("duration_us", 99 * SECOND) <= 2 * SECOND
    ),
    "file:*.py": lambda call: (call["file"] or {}).get("path") == "/work/a/x.py",
    "error:no*": lambda call: call["error"] != "",
    "agent:main tool:Read": lambda call: not call["agent_id"] and call["tool_name"] == "Read",
    "agent:tester": lambda call: call["agent_id"] != "",
    "agent:a-1": lambda call: call["agent_id"] != "",
    "session:s-2": lambda call: call["session_id"] == "s-2",
    "model:m project:b": lambda call: False,  # no event says its project
    "tool:Edit OR status:denied": lambda call: (
        call["tool_name"] == "Edit" or call["status"] == "denied"
    ),
    "tool:Edit OR needle": lambda call: call["tool_name"] == "Edit" or "needle" in call["says"],
    "kind:PostToolUse -needle": lambda call: "needle" not in call["says"],
    "kind:Stop": lambda call: False,
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("seconds", [(5, 5), (0, 5), (0, 0)], ids=["in order", "keys", "at last"])
def test_a_list_has_what_a_query_finds(
    query: Query, monkeypatch: pytest.MonkeyPatch, text: str, seconds: tuple[int, int]
) -> None:
    monkeypatch.setattr(query_module, "IN_ORDER_SECONDS", seconds[0])
    monkeypatch.setattr(query_module, "KEYS_SECONDS", seconds[1])
    monkeypatch.setattr(query_module, "STEPS_BETWEEN_LOOKS", 1)
    query.close()  # a new connection looks at the time at every step

    for field, descending in (("", True), ("started_at", False), ("duration_us", True)):
        found = _paged(query, field, descending, 50, text=text)
        expected = _expected(TEXTS[text], field, descending)
        assert [document.key for document in found] == expected


@pytest.mark.parametrize("descending", [True, False])
def test_a_page_after_a_call_that_is_gone_begins_with_its_equals(
    query: Query, descending: bool
) -> None:
    gone = Sorting(
        field="status", missing="", descending=descending, past="denied", past_key="gone"
    )

    page = query.documents("tool_call", sorting=gone)

    of_them = [call for call in CALLS if call["status"] == "denied"]
    assert [one.value["status"] for one in page][: len(of_them)] == ["denied"] * len(of_them)


@given(
    text=st.sampled_from([*TEXTS, "tool:Never", "file:never", "status:interrupted", "dur>99h"]),
    other=st.sampled_from(["", "tool:Never", "file:*.never", "status:unknown", "session:s-0"]),
    matching=st.sampled_from([{}, {"status": "interrupted"}, {"tool_name": "Zed"}]),
    session=st.sampled_from(["", "s-0", "s-9"]),
    field=st.sampled_from(["", *MISSING]),
)
def test_what_a_query_finds_is_narrowed_down_further(
    query: Query, text: str, other: str, matching: dict[Any, Any], session: str, field: str
) -> None:
    every = {one.key for one in _paged(query, "", True, 200, text=text)}
    if other:
        every &= {one.key for one in _paged(query, "", True, 200, text=other)}
    expected = {
        _key(call)
        for call in CALLS
        if _key(call) in every
        and all(call[name] == value for name, value in matching.items())
        and session in ("", call["session_id"])
    }

    # Behind one another, words that are beside OR would belong to it.
    found = _paged(
        query,
        field,
        True,
        200,
        text=f"({text}) {other}",
        matching=matching,
        session_id=session,
    )

    if "needle" not in text and "hay" not in text and "kind" not in text:
        assert {one.key for one in found} == expected
    assert {one.key for one in found} <= expected


def test_what_is_missing_is_not_what_an_empty_word_asks_for(query: Query) -> None:
    assert query.documents("tool_call", matching={("file", "path"): ""}) == []
    assert query.documents("tool_call", matching={"status": ()}) == []
