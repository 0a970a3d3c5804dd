"""SpanAnalyzer: the built-in analyzer. It keeps sessions, turns, agents, tool calls and files.

It reads what an event says and hands it over to `Settling`. The same events give the same
documents, in whatever order they come and however often.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from claude_mpm_monitor.analysis import (
    agents,
    asking,
    files,
    lineage,
    origins,
    same_turns,
    sessions,
    told_tools,
    tool_calls,
    turn_line,
    turns,
    waits,
)
from claude_mpm_monitor.analysis.draft import Draft
from claude_mpm_monitor.analysis.endings import HINT, End, end_in
from claude_mpm_monitor.analysis.facts import ToolEnd, ToolStart, tool_facts
from claude_mpm_monitor.analysis.prompts import SAME_PROMPT_US, prompt_of, task_reports, unnumbered
from claude_mpm_monitor.analysis.settling import Settling
from claude_mpm_monitor.analysis.wait_facts import Answered, Asked, ToolWait, wait_facts
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import RECORD_KINDS, Event

#: Events in which an agent does something, so that it is known from then on.
_HEARD = frozenset(
    {
        *("SubagentStart", "PreToolUse", "PostToolUse", "PostToolUseFailure", "PostToolBatch"),
        *("PermissionDenied", "transcript.assistant", "transcript.user"),
    }
)
#: Lines that tell more than that the session goes on.
_TELLING = frozenset(
    {
        *("transcript.assistant", "transcript.user", "transcript.agent_meta"),
        *("transcript.queue-operation", "transcript.cost-state"),
    }
)
#: Events that put an end to what a session was doing.
_CLOSING = frozenset({"SessionStart", "SessionEnd", "Notification", "transcript.cost-state"})


class SpanAnalyzer:
    """Everything with a start and an end. Consumer thread only."""

    name = "monitor.spans"
    version = 10
    topics: tuple[str, ...] = (
        sessions.TOPIC,
        turns.TOPIC,
        agents.TOPIC,
        tool_calls.TOPIC,
        files.TOPIC,
        agents.NOTES,
        lineage.TOPIC,
        origins.TOPIC,
        turn_line.CALLS,
        waits.TOPIC,
        told_tools.TOPIC,
        same_turns.ASKED,
    )

    def __init__(self) -> None:
        #: Sessions that events have changed since documents were written last.
        self._open: dict[str, Settling] = {}

    def apply(self, event: Event, documents: Documents) -> None:
        """Bring the documents of the event's session up to date."""
        if not event.session_id or event.kind in RECORD_KINDS:
            return
        settling = self._settling_of(event, documents)
        session = settling.session
        hooked = session["basis"]["hooked"]
        sessions.note(session, event)
        if hooked != session["basis"]["hooked"]:
            settling.be_told()
        line = _is_line(event)
        if line and event.kind not in _TELLING:
            return
        copied = line and sessions.is_copied(event)
        if copied and sessions.note_copied(session, event):
            settling.forget_copies()
        end = end_in(event)
        self._note_turn(event, end, settling)
        self._note_agent(event, end, settling)
        for fact in tool_facts(event):
            self._note_call(event, fact, copied, settling)
        if not line:
            for wait in wait_facts(event):
                self._note_wait(event, wait, settling)
        if event.kind in told_tools.KINDS:
            self._note_telemetry(event, settling)
        if event.kind in _CLOSING:
            settling.close([event.at])
        settling.settle_agents()
        settling.draft.stamp()

    def settle(self, documents: Documents) -> None:
        """Write what the events since the last time have changed."""
        for settling in self._open.values():
            settling.settle_session()
            sessions.save(settling.session, settling.draft)
            settling.draft.write(documents)
        self._open.clear()

    def _settling_of(self, event: Event, documents: Documents) -> Settling:
        known = self._open.get(event.session_id)
        if known is None:
            draft = Draft(event, documents)
            known = self._open[event.session_id] = Settling(sessions.load(draft), draft)
        known.draft.event = event
        return known

    def _note_turn(self, event: Event, end: End | None, settling: Settling) -> None:
        prompt = prompt_of(event)
        if prompt is not None:
            name = event.prompt_id or _unnumbered(event, prompt, settling)
            told = _is_line(event)
            settling.change_turn(
                name, lambda turn: turns.note_prompt(turn, event.at, prompt, from_line=told)
            )
            same_turns.join(name, prompt, event.at, settling)
        for report in task_reports(event, prompt):
            note = partial(agents.note_report, at=event.at, status=report.status)
            settling.change_agent(report.task_id, note)
        if end is not None and not event.agent_id:
            if event.prompt_id:
                settling.name_turn(event.prompt_id, event.at)
            settling.note_end(event.prompt_id, end)

    def _note_agent(self, event: Event, end: End | None, settling: Settling) -> None:
        agent_id, kind = event.agent_id, event.kind
        if kind == "transcript.agent_meta" and agent_id:
            settling.change_agent(agent_id, lambda notes: agents.note_meta(notes, event))
            return
        told = _is_line(event)
        if end is not None and end.worth == HINT:
            end = None  # the call that waits for the agent says when it was over

        def change(notes: Json) -> None:
            agents.note_heard(notes, event, from_line=told)
            if end is not None and agent_id:
                agents.note_end(notes, end)

        if end is not None and agent_id:
            settling.change_agent(agent_id, change)
        elif kind in _HEARD and (agent_id or kind != "transcript.user"):
            settling.hear_of(agent_id, change, from_line=told)
        else:
            return
        if agent_id:
            lineage.note_agent(agent_id, settling)

    def _note_call(
        self, event: Event, fact: ToolStart | ToolEnd, copied: bool, settling: Settling
    ) -> None:
        if event.prompt_id:
            settling.name_turn(event.prompt_id, event.at)

        def change(call: Json) -> None:
            call["copied"] = call["copied"] or copied
            if isinstance(fact, ToolStart):
                tool_calls.note_start(call, event, fact)
            else:
                tool_calls.note_end(call, event, fact)

        settling.change_call(fact.tool_use_id, change)
        if event.kind == "PreToolUse" and event.prompt_id and not event.agent_id:
            settling.go_on(event.prompt_id, event.at)

    def _note_telemetry(self, event: Event, settling: Settling) -> None:
        for fact in told_tools.told_facts(event, settling.draft):
            if isinstance(fact, ToolEnd):
                self._note_call(event, fact, False, settling)
            elif isinstance(fact, ToolWait):
                self._note_wait(event, fact, settling)
            else:
                note = partial(tool_calls.note_decision, event=event, by=fact.by)
                settling.change_call(fact.tool_use_id, note)

    def _note_wait(self, event: Event, fact: Any, settling: Settling) -> None:
        if isinstance(fact, Asked):
            asking.note_asked(event.agent_id, fact, event.at, settling)
        elif isinstance(fact, Answered):
            asking.note_answered(event.agent_id, fact, event.at, settling)
        else:
            settling.change_call(fact.tool_use_id, lambda call: waits.note_measured(call, fact))


def _unnumbered(event: Event, prompt: str, settling: Settling) -> str:
    """Return the turn of a prompt without an id, which a hook and a line may tell of apart."""
    period = event.at // SAME_PROMPT_US
    for near in (period - 1, period + 1):
        name = unnumbered(prompt, near)
        known = settling.draft.get(turns.TOPIC, name)
        at = known["started_at"] if known is not None and not known["copied"] else None
        if at is not None and abs(at - event.at) <= SAME_PROMPT_US // 2:
            return name
    return unnumbered(prompt, period)


def _is_line(event: Event) -> bool:
    return event.kind.startswith("transcript.")
