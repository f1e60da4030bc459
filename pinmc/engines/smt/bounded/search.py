"""Depth by depth: is there a run of this length at whose end a property is decided?

One incremental solver for all properties; every depth adds a copy of the step relation. The first
depth at which there is a run is the length of the shortest.
"""

from __future__ import annotations

from dataclasses import field
from time import perf_counter
from typing import Any

import z3

from pinmc.base.records import dataclass
from pinmc.engines.answers import INTERRUPTED, depth_limit, time_limit
from pinmc.engines.base import Limits
from pinmc.engines.intervals import Unsupported
from pinmc.engines.smt.bounded.relation import Relation, equals, relation, state_of
from pinmc.engines.smt.bounded.words import Num
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.semantics import State, initial_states
from pinmc.ir.system import System
from pinmc.results.schedule import Move, Schedule

_MOST_INITIAL = 2000
_ERROR = "interrupted from keyboard"


class Stopped(Exception):
    """A limit was reached; the message says which."""


@dataclass(slots=True)
class Bounded:
    """A search in progress. ``found``: the shortest runs. ``depth``: up to here nothing else is."""

    system: System
    properties: tuple[Property, ...]
    limits: Limits
    found: dict[str, Schedule] = field(default_factory=dict)
    depth: int = -1
    stopped: str = ""
    interrupted: bool = False

    def run(self) -> None:
        """Never raises for limits and Ctrl-C. Raises Unsupported before anything is searched."""
        began = perf_counter()
        starts, _ = initial_states(self.system)
        if len(starts) > _MOST_INITIAL:
            raise Unsupported(f"{len(starts)} initial states, more than {_MOST_INITIAL}")
        unroll = _Unrolling(relation(self.system, self.properties), starts)
        try:
            self._search(unroll, began)
        except Stopped as reason:
            self.stopped = str(reason)
        except KeyboardInterrupt:
            self.stopped, self.interrupted = INTERRUPTED, True

    def _search(self, unroll: _Unrolling, began: float) -> None:
        most = self.limits.depth
        while len(self.found) < len(unroll.relation.bad):
            depth = self.depth + 1
            if most is not None and depth > most:
                raise Stopped(depth_limit(most))
            self._at(unroll, depth, began)
            self.depth = depth
            unroll.extend()

    def _at(self, unroll: _Unrolling, depth: int, began: float) -> None:
        """What is decided by state ``depth``, by the step to it, or by an error in it."""
        for prop in self.properties:
            if prop.name in self.found or prop.name not in unroll.relation.bad:
                continue
            where = depth - 1 if prop.kind is PropertyKind.STEP_INVARIANT else depth
            if where < 0 or (prop.kind in _ERRORS and depth == self.limits.depth):
                continue
            schedule = self._asked(unroll, prop, where, began)
            if schedule is not None:
                self.found[prop.name] = schedule

    def _asked(
        self, unroll: _Unrolling, prop: Property, length: int, began: float
    ) -> Schedule | None:
        if self.limits.timeout is not None:
            left = self.limits.timeout - (perf_counter() - began)
            if left <= 0:
                raise Stopped(time_limit(self.limits.timeout))
            unroll.solver.set("timeout", max(1, int(left * 1000)))
        answer = unroll.solver.check(unroll.bad(prop, length))
        if answer == z3.unknown:
            reason = str(unroll.solver.reason_unknown())
            if reason == _ERROR:
                raise KeyboardInterrupt
            timeout = self.limits.timeout
            raise Stopped(time_limit(timeout) if timeout is not None else f"z3: {reason}")
        return unroll.schedule(prop, length) if answer == z3.sat else None


_ERRORS = frozenset({PropertyKind.ERRORS, PropertyKind.ASSERT})
"""Decided by a step that reaches no state: the run is one step longer than its states tell."""


class _Unrolling:
    """Copies of the relation, one after another: states 0, 1, … and the moves between them."""

    def __init__(self, relation: Relation, starts: list[State]) -> None:
        self.relation = relation
        self.solver = z3.SolverFor("QF_BV")
        self._starts = starts
        self._states: list[list[Num]] = [state_of(relation.system, "s0_")]
        self._moves: list[Any] = []
        self.solver.add(z3.Or([equals(self._states[0], start) for start in starts]))

    def extend(self) -> None:
        """One more step."""
        depth = len(self._states)
        self._states.append(state_of(self.relation.system, f"s{depth}_"))
        self._moves.append(z3.BitVec(f"move{depth}", self.relation.choice.size()))
        self.solver.add(self._copy(self.relation.step, depth - 1, True))

    def bad(self, prop: Property, depth: int) -> Any:
        """When the property is decided in state ``depth``, or in the step after it."""
        term = self.relation.bad[prop.name]
        return self._copy(term, depth, prop.kind is PropertyKind.STEP_INVARIANT)

    def _copy(self, term: Any, depth: int, step: bool) -> Any:
        pairs = _pairs(self.relation.before, self._states[depth])
        if step:
            pairs += _pairs(self.relation.after, self._states[depth + 1])
            pairs.append((self.relation.choice, self._moves[depth]))
        return z3.substitute(term, *pairs)

    def schedule(self, prop: Property, depth: int) -> Schedule:
        """The run of the model that the solver has just found."""
        model = self.solver.model()
        first = next(
            number
            for number, start in enumerate(self._starts)
            if z3.is_true(model.eval(equals(self._states[0], start), model_completion=True))
        )
        length = depth + (prop.kind is PropertyKind.STEP_INVARIANT)
        moves = [self._move(model, move) for move in self._moves[:length]]
        if prop.kind in _ERRORS:
            moves.append(self._failing(model, prop, depth))
            return Schedule(first, tuple(moves), True)
        return Schedule(first, tuple(moves))

    def _move(self, model: Any, move: Any) -> Move:
        one = self.relation.instances[model.eval(move, model_completion=True).as_long()]
        return Move(one.number, one.args)

    def _failing(self, model: Any, prop: Property, depth: int) -> Move:
        """The first instance that is an error in the last state."""
        for one in self.relation.instances:
            when = one.failed.get(prop.name)
            if when is None:
                continue
            if z3.is_true(model.eval(self._copy(when, depth, False), model_completion=True)):
                return Move(one.number, one.args)
        raise AssertionError("an error was found that no instance runs into")


def _pairs(unknowns: list[Num], state: list[Num]) -> list[tuple[Any, Any]]:
    return [
        (one.term, other.term)
        for one, other in zip(unknowns, state, strict=True)
        if one.term is not None
    ]
