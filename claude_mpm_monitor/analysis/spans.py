"""SpanAnalyzer: the built-in analyzer. It keeps sessions, turns, agents, tool calls and files."""

from __future__ import annotations

from claude_mpm_monitor.analysis import agents, files, sessions, tool_calls, turns
from claude_mpm_monitor.analysis.facts import ToolEnd, ToolStart, tool_facts
from claude_mpm_monitor.analysis.tool_calls import Transition
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event

#: Events in which an agent acts, so that it is known from then on.
_ACTS = frozenset({"PreToolUse", "PostToolUse", "PostToolUseFailure", "PostToolBatch"})
_TURN_OVER = {"Stop": "ok", "StopFailure": "error"}


class SpanAnalyzer:
    """Everything with a start and an end. Consumer thread only."""

    name = "monitor.spans"
    version = 2
    topics: tuple[str, ...] = (
        sessions.TOPIC,
        turns.TOPIC,
        agents.TOPIC,
        tool_calls.TOPIC,
        files.TOPIC,
        tool_calls.OPEN,
        agents.CALLS,
    )

    def apply(self, event: Event, documents: Documents) -> None:
        """Bring the documents of the event's session up to date."""
        if not event.session_id:
            return
        session = sessions.load(event, documents)
        sessions.note(session, event)
        self._note_turn(session, event, documents)
        self._note_agent(session, event, documents)
        for fact in tool_facts(event):
            if isinstance(fact, ToolStart):
                self._note_start(session, event, fact, documents)
            else:
                self._note_end(session, event, fact, documents)
        if event.kind == "SessionEnd":
            self._close(session, event, documents)
        sessions.save(session, documents)

    def _note_turn(self, session: Json, event: Event, documents: Documents) -> None:
        current = session["prompt_id"]
        prompt = turns.prompt_of(event)
        if prompt is not None:
            self._next_turn(session, event, prompt, documents)
        elif turns.is_final_answer(event):
            # A transcript is often read when the session is turns ahead already.
            prompt_id = event.prompt_id or session["transcript_prompt_id"] or current
            turns.note_end(event, prompt_id, "ok", documents, turns.spoken(event))
        elif event.kind in _TURN_OVER and not event.agent_id:
            answer = event.data().get("last_assistant_message")
            status = _TURN_OVER[event.kind]
            turns.note_end(event, event.prompt_id or current, status, documents, answer)

    def _next_turn(self, session: Json, event: Event, prompt: str, documents: Documents) -> None:
        from_transcript = event.kind == "transcript.user"
        # A transcript may tell what came before anything the hooks told.
        late = from_transcript and event.at < session["prompt_at"]
        before = session["transcript_prompt_id"] if late else session["prompt_id"]
        prompt_id, new = turns.note_prompt(event, prompt, documents)
        if from_transcript:
            session["transcript_prompt_id"] = prompt_id
        if not new:
            return
        session["turns"] += 1
        if not late:
            session["prompt_id"], session["prompt_at"] = prompt_id, event.at
        if turns.is_running(event.session_id, before, documents):
            # No Stop came: the user interrupted, and what ran then will never report back.
            turns.note_end(event, before, "interrupted", documents)
            if not late:
                self._interrupt(session, event, documents)

    def _interrupt(self, session: Json, event: Event, documents: Documents) -> None:
        """End the calls of the main agent and of the agents it waited for."""
        waited_for = [
            agent_id
            for agent_id in session["running_agents"]
            if not agents.is_in_background(event, agent_id, documents)
        ]
        for agent_id in ("", *waited_for):
            for change in tool_calls.close_open(event, "interrupted", documents, agent_id=agent_id):
                self._count(session, event, change, documents)
        agents.close_running(event, documents, waited_for, "interrupted")
        for agent_id in waited_for:
            self._stopped(session, agent_id)

    def _note_agent(self, session: Json, event: Event, documents: Documents) -> None:
        new = False
        if event.kind == "SubagentStop":
            new = agents.note_stop(event, documents, "ok")
            self._stopped(session, event.agent_id)
        elif event.kind == "StopFailure" and event.agent_id:
            new = agents.note_stop(event, documents, "error")
            self._stopped(session, event.agent_id)
        elif event.kind == "transcript.agent_meta":
            new = agents.note_meta(event, documents)
        elif event.kind == "SubagentStart" or event.kind in _ACTS or _speaks(event):
            new = agents.note_activity(event, documents)
            if event.agent_id and event.agent_id not in session["running_agents"]:
                session["running_agents"].append(event.agent_id)
        session["agents"] += new

    def _note_start(
        self, session: Json, event: Event, fact: ToolStart, documents: Documents
    ) -> None:
        agents.note_call(event, fact, documents)
        change = tool_calls.note_start(event, fact, documents)
        self._count(session, event, change, documents)

    def _note_end(self, session: Json, event: Event, fact: ToolEnd, documents: Documents) -> None:
        change = tool_calls.note_end(event, fact, documents)
        self._count(session, event, change, documents)
        if not change.decided:
            return
        session["agents"] += agents.note_result(event, change.call, fact, documents)
        if change.after == "ok" and change.before != "ok":
            session["files"] += files.note_success(event, change.call, fact.response, documents)

    def _close(self, session: Json, event: Event, documents: Documents) -> None:
        """Nothing of the session reports any more."""
        if turns.is_running(event.session_id, session["prompt_id"], documents):
            turns.note_end(event, session["prompt_id"], "interrupted", documents)
        for change in tool_calls.close_open(event, "interrupted", documents):
            self._count(session, event, change, documents)
        agents.close_running(event, documents, session["running_agents"], "interrupted")
        agents.close_running(event, documents, [""], "ok")
        session["running_agents"] = []

    def _count(self, session: Json, event: Event, change: Transition, documents: Documents) -> None:
        """Carry a call's change of state over to its session, turn and agent."""
        call = change.call
        deltas = {
            "tool_calls": int(not change.before),
            "errors": (change.after == "error") - (change.before == "error"),
            "denied": (change.after == "denied") - (change.before == "denied"),
        }
        if not any(deltas.values()):
            return
        for field, delta in deltas.items():
            session[field] += delta
        agent, new = agents.ensure(event, call["agent_id"], documents)
        session["agents"] += new
        agent["tool_calls"] += deltas["tool_calls"]
        agent["errors"] += deltas["errors"]
        agents.save(agent, documents)
        turns.count(event, call["prompt_id"] or session["prompt_id"], deltas, documents)

    def _stopped(self, session: Json, agent_id: str) -> None:
        if agent_id in session["running_agents"]:
            session["running_agents"].remove(agent_id)


def _speaks(event: Event) -> bool:
    return event.kind == "transcript.assistant"
