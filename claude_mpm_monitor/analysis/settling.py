"""Settling: carries what is learnt of one thing over to all that depends on it.

A call ends when its agent or turn does; an agent when the call does that waits for it; a turn when
the next one begins or the session ends. So each change is made here, and whoever depends on what it
changed is settled again. What is stored in the end depends on what is known alone, not on when it
became known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claude_mpm_monitor.analysis import (
    agents,
    asking,
    lineage,
    recent,
    sessions,
    shares,
    tool_calls,
    turn_line,
    turns,
)
from claude_mpm_monitor.analysis.draft import Draft
from claude_mpm_monitor.analysis.endings import HINT, End, choose
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.tools import AGENT_TOOLS

Change = Callable[[Json], Any]

_TURN_CLOSERS = (sessions.ENDED, sessions.STARTED, sessions.IDLE)
_AGENT_CLOSERS = (sessions.ENDED, sessions.STARTED)


class Settling:
    """Changes the documents of one session, from an event on until they are written."""

    def __init__(self, session: Json, draft: Draft) -> None:
        self.session = session
        self.draft = draft
        #: Agents whose documents have to be derived again before they are written.
        self._stale: set[str] = set()
        #: Turns of which nobody will tell the end, and that have got a hint of it: whether it was
        #: the end shows when nothing follows.
        self._hinted: set[str] = set()

    # ---- calls

    def change_call(self, tool_use_id: str, change: Change) -> None:
        """Change what is known of a call, a new one if need be, and settle what depends on it."""
        call = self.draft.get(tool_calls.TOPIC, tool_use_id)
        if call is None:
            call = tool_calls.new(self.session["session_id"], tool_use_id)
        before, outcome, was_of = shares.Share.of(call), _outcome(call), call["agent_id"]
        change(call)
        if was_of != call["agent_id"] and before is not None:
            self._hand_over(tool_use_id, was_of)
        self._attribute(call)
        tool_calls.settle(call, self._closure(call), sessions.going(self.session))
        self.draft.put(tool_calls.TOPIC, tool_use_id, call, call["agent_id"])
        self._note_recent(call)
        if call["tool_name"] in AGENT_TOOLS:
            lineage.note_call(call, self)
        shares.replace(before, call, self)
        asking.note_pending(call, self.session)
        if call["child_agent_id"] and outcome != _outcome(call):
            self.resettle_agent(call["child_agent_id"])

    def resettle_call(self, tool_use_id: str) -> None:
        """Derive a call again: what it depends on is other than it was."""
        if self.draft.get(tool_calls.TOPIC, tool_use_id) is not None:
            self.change_call(tool_use_id, lambda call: None)

    def _attribute(self, call: Json) -> None:
        """Put the call into the turn that is stated, else into the one its time falls into."""
        stated = call["basis"]["prompt"][1]
        if stated:
            call["prompt_id"] = stated
            return
        at = tool_calls.time_of(call)
        call["prompt_id"] = turn_line.turn_at(self.session, at, self.draft)
        turn_line.list_call(self.session, call["prompt_id"], call["tool_use_id"], at, self.draft)

    def _closure(self, call: Json) -> tuple[str, int] | None:
        """Return how and when the call ended with its turn or agent, if nobody said how else."""
        begun = tool_calls.begun(call)
        if begun is None or call["basis"]["ends"]:
            return None
        if call["agent_id"]:
            agent = self.draft.get(agents.TOPIC, call["agent_id"])
            notes = self.draft.get(agents.NOTES, call["agent_id"])
            return agents.closure(agent, notes, begun) if agent and notes else None
        turn = self.draft.get(turns.TOPIC, call["prompt_id"]) if call["prompt_id"] else None
        if turn is not None and turns.begun_at(turn) is not None:
            return turns.closure(turn, begun)
        over = sessions.closed_at(self.session, begun, _TURN_CLOSERS)
        return None if over is None else ("interrupted", over)

    def _note_recent(self, call: Json) -> None:
        """Have its agent remember the call: when it was made, and whether it is still open."""
        basis, tool_use_id = call["basis"], call["tool_use_id"]
        if call["started_at"] is None:
            return
        agent_id, is_open = call["agent_id"], not basis["ends"]
        seen = [call["started_at"], is_open]
        known = basis.get("seen", [None, None])
        if known == seen:
            return
        basis["seen"] = seen
        notes = self.draft.get(agents.NOTES, agent_id) or agents.new_notes()
        if is_open:
            notes["open"][tool_use_id] = seen[0]
        else:
            notes["open"].pop(tool_use_id, None)
            notes["answered"] = max(notes["answered"], call["ended_at"])
        if known[0] != seen[0]:
            recent.note(notes, call)
            self._stale.add(agent_id)
        self.draft.put(agents.NOTES, agent_id, notes)
        if notes["asked"]:
            asking.match(agent_id, notes, self)

    def _hand_over(self, tool_use_id: str, agent_id: str) -> None:
        """The call is another agent's than was thought."""
        notes = self.draft.get(agents.NOTES, agent_id)
        call = self.draft.get(tool_calls.TOPIC, tool_use_id)
        if notes is not None and call is not None:
            recent.forget(notes, tool_use_id)
            notes["open"].pop(tool_use_id, None)
            call["basis"].pop("seen", None)
            self.draft.put(agents.NOTES, agent_id, notes)

    # ---- agents

    def hear_of(self, agent_id: str, change: Change, *, from_line: bool) -> None:
        """Take in that an agent does something, mostly what it was known to do."""
        notes = self.draft.get(agents.NOTES, agent_id)
        if agents.is_news(notes, self.draft.event, from_line=from_line):
            self.change_agent(agent_id, change)

    def change_agent(self, agent_id: str, change: Change) -> None:
        """Change the notes on an agent, new ones if need be, and settle what depends on them."""
        notes = self.draft.get(agents.NOTES, agent_id) or agents.new_notes()
        origin, ends = notes["origin"], notes["ends"]
        change(notes)
        self.draft.put(agents.NOTES, agent_id, notes)
        if notes["origin"] != origin:
            lineage.link(agent_id, origin[1], notes, self)
        self._settle_agent(agent_id, notes, renew=notes["ends"] != ends)

    def resettle_agent(self, agent_id: str) -> None:
        """Derive an agent again: what it depends on is other than it was."""
        notes = self.draft.get(agents.NOTES, agent_id)
        if notes is not None:
            self._settle_agent(agent_id, notes)

    def shown_agent(self, agent_id: str) -> Json:
        """Return the document of an agent that works, a new one if need be."""
        found = self.draft.get(agents.TOPIC, agent_id)
        if found is None:
            self.change_agent(agent_id, agents.works)
            found = self.draft.get(agents.TOPIC, agent_id)
        assert found is not None
        return found

    def _settle_agent(self, agent_id: str, notes: Json, *, renew: bool = False) -> None:
        agent = self.draft.get(agents.TOPIC, agent_id)
        if agent is None:
            if not agents.is_shown(agent_id, notes):
                return
            agent = agents.new(self.session["session_id"], agent_id)
            self.session["agents"] += 1
        before = (agent["status"], agent["ended_at"])
        if not agent_id:
            self._settle_main(agent, notes)
            return
        origin = notes["origin"][1]
        call = self.draft.get(tool_calls.TOPIC, origin) if origin else None
        over = sessions.closed_at(self.session, notes["acted"], _AGENT_CLOSERS)
        going = sessions.going(self.session)
        agents.settle(agent, notes, call, over, self._interrupted_at(notes), going)
        self._settle_repeats(agent, notes)
        self.draft.put(agents.TOPIC, agent_id, agent, agent_id)
        unseen = choose(notes["ends"], notes["acted"]) is None
        self._keep_open(agent_id, notes["prompt"][1], wanted=unseen)
        running = agent["status"] == "running"
        _keep(self.session["running_agents"], agent_id, wanted=running)
        if renew or before != (agent["status"], agent["ended_at"]):
            for tool_use_id in list(notes["open"]):
                self.resettle_call(tool_use_id)

    def _keep_open(self, agent_id: str, prompt_id: str, *, wanted: bool) -> None:
        """Remember an agent that nobody has seen end, and the turn that would end it."""
        agents_open = self.session["basis"]["open_agents"]
        if wanted:
            agents_open[agent_id] = prompt_id
        else:
            agents_open.pop(agent_id, None)

    def _settle_main(self, agent: Json, notes: Json) -> None:
        last = self.session["basis"]["last"]
        turn = self.draft.get(turns.TOPIC, last) if last else None
        over = sessions.closed_at(self.session, agents.heard_at(notes), _TURN_CLOSERS)
        agents.settle_main(agent, notes, turn, self.session, over, sessions.going(self.session))
        self._settle_repeats(agent, notes)
        self.draft.put(agents.TOPIC, "", agent)

    def _settle_repeats(self, agent: Json, notes: Json) -> None:
        newest = recent.newest(notes)
        call = self.draft.get(tool_calls.TOPIC, newest) if newest else None
        agents.settle_repeats(agent, notes, call)

    def _interrupted_at(self, notes: Json) -> int | None:
        """Return when the agent's turn was interrupted, None if it was not."""
        name = notes["prompt"][1]
        turn = self.draft.get(turns.TOPIC, name) if name else None
        if turn is None or turn["status"] != "interrupted" or turn["ended_at"] < notes["acted"]:
            return None
        return int(turn["ended_at"])

    # ---- turns

    def change_turn(self, prompt_id: str, change: Change) -> None:
        """Change what is known of a turn, a new one if need be, and settle all around it."""
        turn = self.turn(prompt_id)
        before, outcome = turns.adds(turn), turns.outcome(turn)
        change(turn)
        turns.settle_prompt(turn, self.session["basis"]["copied_until"])
        self.draft.put(turns.TOPIC, prompt_id, turn)
        touched = turn_line.place(self.session, turn, self.draft)
        self._settle_turn(turn, before, outcome)
        if outcome[0] != turns.begun_at(turn) or touched:
            self._rearrange(turn, touched, outcome[0])

    def turn(self, prompt_id: str) -> Json:
        """Return the document of a turn, a new one if need be."""
        found = self.draft.get(turns.TOPIC, prompt_id)
        return turns.new(self.session["session_id"], prompt_id) if found is None else found

    def name_turn(self, prompt_id: str, at: int) -> None:
        """Take in that something names a turn: it began by then, told of or not."""
        found = self.draft.get(turns.TOPIC, prompt_id)
        if found is None or found["started_at"] is None or at < found["started_at"]:
            self.change_turn(prompt_id, lambda turn: turns.note_named(turn, at))

    def go_on(self, prompt_id: str, at: int) -> None:
        """Take in that the main agent works on a turn."""
        if at > self.turn(prompt_id)["basis"]["begun"]:
            self.change_turn(prompt_id, lambda turn: turns.note_act(turn, at))

    def note_end(self, prompt_id: str, end: End) -> None:
        """Take in a report of a turn's end; one that names no turn belongs where its time falls."""
        name = prompt_id or turn_line.turn_at(self.session, end.at, self.draft)
        if name == turn_line.BEFORE:
            turn_line.note_early_end(self.session, end)
            return
        turn = self.turn(name)
        if end.worth == HINT and turn["ended_at"] is None:
            turns.note_end(turn, end)
            self.draft.put(turns.TOPIC, name, turn)
            if sessions.going(self.session) != "running":
                self._hinted.add(name)
        else:
            self.change_turn(name, lambda turn: turns.note_end(turn, end))

    def _settle_turn(self, turn: Json, before: tuple[int, ...], outcome: tuple[Any, ...]) -> None:
        begun = turn["basis"]["begun"]
        over = sessions.closed_at(self.session, begun, _TURN_CLOSERS)
        asked = turn_line.next_typed(turn, self.draft)
        ends = [at for at in (over, asked) if at is not None]
        turns.settle_end(turn, min(ends, default=None), sessions.going(self.session))
        if turn["ended_at"] is not None:
            closed = sessions.closed_at(self.session, turn["ended_at"], _AGENT_CLOSERS)
            turns.settle_idle(turn, turn_line.next_at(turn, self.draft), closed)
        turns.settle_times(turn)
        self.draft.put(turns.TOPIC, turn["prompt_id"], turn)
        for field, one, other in zip(turns.SUMMED, before, turns.adds(turn), strict=True):
            self.session[field] += other - one
        self._stale.add("")
        if outcome != turns.outcome(turn):
            self._follow_turn(turn["prompt_id"])

    def _resettle_turn(self, prompt_id: str) -> None:
        turn = self.draft.get(turns.TOPIC, prompt_id) if prompt_id else None
        if turn is not None:
            self._settle_turn(turn, turns.adds(turn), turns.outcome(turn))

    def _follow_turn(self, prompt_id: str) -> None:
        """Settle the open calls of the turn, and its agents that nobody has seen end."""
        for tool_use_id in self._open_calls():
            call = self.draft.get(tool_calls.TOPIC, tool_use_id)
            if call is not None and call["prompt_id"] == prompt_id:
                self.resettle_call(tool_use_id)
        for agent_id, its_turn in list(self.session["basis"]["open_agents"].items()):
            if its_turn == prompt_id:
                self.resettle_agent(agent_id)

    def _rearrange(self, turn: Json, touched: list[str], was_at: int | None) -> None:
        """A turn came into the line, or moved: what goes by time may belong elsewhere now."""
        moments = (turns.begun_at(turn), was_at)
        since = min((at for at in moments if at is not None), default=0)
        names = dict.fromkeys([*touched, turn["prompt_id"], turn["previous_prompt_id"] or ""])
        ends = turn_line.take_early_ends(self.session, since)
        for name in names:
            other = self.draft.get(turns.TOPIC, name) if name else None
            ends += turns.take_unstated_ends(other, since) if other is not None else []
        for end in ends:
            self.note_end("", end)
        for name in names:
            for tool_use_id in turn_line.take_listed(self.session, name, since, self.draft):
                self.resettle_call(tool_use_id)
            if name != turn["prompt_id"]:
                self._resettle_turn(name)
        for name in turn_line.up_to_typed(turn, self.draft):
            self._resettle_turn(name)

    def _open_calls(self) -> list[str]:
        notes = self.draft.get(agents.NOTES, "")
        return list(notes["open"]) if notes is not None else []

    # ---- the session

    def close(self, moments: list[int]) -> None:
        """What ended or started the session then is known otherwise: settle what went on."""
        for at in moments:
            self._resettle_turn(turn_line.turn_at(self.session, at, self.draft))
        for agent_id in list(self.session["basis"]["open_agents"]):
            self.resettle_agent(agent_id)
        for tool_use_id in self._open_calls():
            self.resettle_call(tool_use_id)
        self._stale.add("")

    def be_told(self) -> None:
        """Hooks tell of the session, as is known from now on: what has no end goes on."""
        last = self.session["basis"]["last"]
        if last:
            for name in (last, *turn_line.up_to_typed(self.turn(last), self.draft)):
                self._resettle_turn(name)
        self.close(sessions.stated_ends(self.session))

    def forget_copies(self) -> None:
        """More of the session is known to be a fork's copy: turns begun by then are not its own."""
        copied_until = self.session["basis"]["copied_until"]
        while first := self.session["basis"]["first"]:
            if self.turn(first)["started_at"] > copied_until:
                return
            self.change_turn(first, lambda turn: None)

    def settle_agents(self) -> None:
        """Derive the agents again that something of theirs has changed for."""
        while self._stale:
            self.resettle_agent(self._stale.pop())

    def settle_session(self) -> None:
        """Derive where the session stands now."""
        while self._hinted:
            self._resettle_turn(self._hinted.pop())
        self.settle_agents()
        first, last = (self.session["basis"][end] for end in ("first", "last"))
        sessions.settle(
            self.session,
            self.draft.get(turns.TOPIC, first) if first else None,
            self.draft.get(turns.TOPIC, last) if last else None,
            asking.who_waits(self) if self.session["basis"]["waits"] else [],
        )


def _outcome(call: Json) -> tuple[Any, ...]:
    """Return what the agent that the call started depends on."""
    basis = call["basis"]
    given = (basis.get("agent"), basis.get("launched"))
    return call["status"], call["ended_at"], call["agent_id"], call["error"], given


def _keep(names: list[str], name: str, *, wanted: bool) -> None:
    if wanted and name not in names:
        names.append(name)
        names.sort()
    elif not wanted and name in names:
        names.remove(name)
