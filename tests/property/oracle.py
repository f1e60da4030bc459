"""A naive breadth-first search straight on the reference semantics."""

from __future__ import annotations

from dataclasses import dataclass, field

from pinmc.ir.evaluate import FoundError
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.semantics import (
    Failed,
    Next,
    State,
    Step,
    evaluate,
    finished,
    initial_outcomes,
    initial_states,
    successors,
)
from pinmc.ir.system import System

Answer = tuple[Verdict, tuple[int, tuple[Step, ...], bool] | None, tuple[int, ...]]
"""Verdict, schedule (initial, moves, ends in error) and stuck or blocked agents."""


@dataclass
class Oracle:
    """Everything there is to compare. ``limit`` and ``depth_limit`` as in ``Limits``."""

    system: System
    limit: int
    depth_limit: int | None
    paths: dict[State, tuple[int, tuple[Step, ...]]] = field(default_factory=dict)
    edges: dict[State, list[tuple[Step, State]]] = field(default_factory=dict)
    movers: dict[State, set[int]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    marks: set[int] = field(default_factory=set)
    witnesses: set[int] = field(default_factory=set)
    transitions: int = 0
    depth: int = 0
    complete: bool = False

    def run(self) -> None:
        self.complete = self._initialise() and self._search()
        if self.complete:
            self._stuck()
        for prop in self.system.properties:
            self.answers.setdefault(prop.name, (self._unseen(prop), None, ()))

    def _initialise(self) -> bool:
        states, errors = initial_states(self.system)
        for number, failed in enumerate(errors):
            self._decide(failed.site.claim, (number, (), True))
        for number, state in enumerate(states):
            if number == self.limit:
                return False
            self.paths[state] = (number, ())
            self._see_state(state)
        for _, outcome in initial_outcomes(self.system):
            if isinstance(outcome, Next):
                self.marks |= {mark for mark, _ in outcome.marks}
        return True

    def _search(self) -> bool:
        level = list(self.paths)
        while level:
            if self.depth == self.depth_limit:
                return False
            following: list[State] = []
            for state in level:
                if not self._expand(state, following):
                    return False
            level = following
            self.depth += bool(level)
        return True

    def _expand(self, state: State, following: list[State]) -> bool:
        outcomes = list(successors(self.system, state))
        initial, moves = self.paths[state]
        self.edges[state], self.movers[state] = [], set()
        for move, outcome in outcomes:
            self.movers[state] |= self._agent(move)
            if isinstance(outcome, Failed):
                self._decide(outcome.site.claim, (initial, (*moves, move), True))
            else:
                self.marks |= {mark for mark, _ in outcome.marks}
        for move, outcome in outcomes:
            if isinstance(outcome, Next) and not self._step(state, move, outcome.state, following):
                return False
        self.transitions += len(self.edges[state])
        unfinished = tuple(self._unfinished(state))
        if not outcomes and unfinished:
            self._decide("deadlock", (initial, moves, False), unfinished)
        return True

    def _step(self, state: State, move: Step, after: State, following: list[State]) -> bool:
        initial, moves = self.paths[state]
        path = (initial, (*moves, move))
        self.edges[state].append((move, after))
        for prop in self.system.properties:
            if prop.kind is PropertyKind.STEP_INVARIANT and not self._holds(prop, state, after):
                self._decide(prop.name, (*path, False))
        if after not in self.paths:
            if len(self.paths) == self.limit:
                return False
            self.paths[after] = path
            following.append(after)
            self._see_state(after)
        return True

    def _see_state(self, state: State) -> None:
        path = (*self.paths[state], False)
        for prop in self.system.properties:
            if prop.kind in (PropertyKind.INVARIANT, PropertyKind.LEMMA):
                if not self._holds(prop, state):
                    self._decide(prop.name, path)
            elif prop.kind is PropertyKind.REACHABLE:
                self._see_reachable(prop, state)
        for number, witness in enumerate(self.system.witnesses):
            try:
                if evaluate(self.system, witness.expr, state):
                    self.witnesses.add(number)
            except FoundError:
                pass

    def _see_reachable(self, prop: Property, state: State) -> None:
        assert prop.expr is not None
        path = (*self.paths[state], False)
        try:
            if evaluate(self.system, prop.expr, state):
                self._decide(prop.name, path, verdict=Verdict.REACHED)
        except FoundError:
            self._decide(prop.name, path)

    def _holds(self, prop: Property, state: State, after: State | None = None) -> bool:
        assert prop.expr is not None
        try:
            return bool(evaluate(self.system, prop.expr, state, {}, after))
        except FoundError:
            return False

    def _decide(
        self,
        name: str,
        schedule: tuple[int, tuple[Step, ...], bool],
        agents: tuple[int, ...] = (),
        verdict: Verdict = Verdict.VIOLATED,
    ) -> None:
        self.answers.setdefault(name, (verdict, schedule, agents))

    def _agent(self, move: Step) -> set[int]:
        command = self.system.commands[move[0]]
        if command.at is None:
            return set()
        args = move[1][: len(command.at.var.dims)]
        return {
            agent.number
            for agent in self.system.agents
            if agent.actor == command.actor and agent.args == args
        }

    def _unfinished(self, state: State) -> list[int]:
        agents = range(len(self.system.agents))
        return [agent for agent in agents if not finished(self.system, state, agent)]

    def _stuck(self) -> None:
        for state in self.paths:
            reached = self._closure(state)
            stuck = [
                agent
                for agent in self._unfinished(state)
                if not any(self._fine(later, agent) for later in reached)
            ]
            for prop in self.system.properties:
                if prop.kind is PropertyKind.STUCK:
                    self._decide_stuck(prop, state, stuck)

    def _decide_stuck(self, prop: Property, state: State, stuck: list[int]) -> None:
        agents = self.system.agents
        own = tuple(a for a in stuck if prop.actor is None or agents[a].actor == prop.actor)
        if own:
            self._decide(prop.name, (*self.paths[state], False), own)

    def _fine(self, state: State, agent: int) -> bool:
        return agent in self.movers[state] or finished(self.system, state, agent)

    def _closure(self, state: State) -> set[State]:
        found, waiting = {state}, [state]
        while waiting:
            for _, after in self.edges[waiting.pop()]:
                if after not in found:
                    found.add(after)
                    waiting.append(after)
        return found

    def _unseen(self, prop: Property) -> Verdict:
        if prop.kind is PropertyKind.TEMPORAL:
            return Verdict.SKIPPED
        if not self.complete:
            return Verdict.UNKNOWN
        return Verdict.UNREACHABLE if prop.kind is PropertyKind.REACHABLE else Verdict.HOLDS
