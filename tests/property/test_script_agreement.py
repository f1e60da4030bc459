"""The SMT-LIB2 text of a system says of any state what the definition says.

The text is read by Z3 as a stranger would: declarations and definitions, and then a state.
"""

from __future__ import annotations

from random import Random

import pytest

from pinmc.engines.smt.script.scripts import Obligations, obligations
from pinmc.engines.smt.script.system import Cell
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.evaluate import FoundError
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.semantics import Failed, Next, State, evaluate, finished, initial_outcomes, successors
from pinmc.ir.system import System
from tests.property.systems import Dice, build_system
from tests.property.test_step_agreement import any_state
from tests.rounds import rounds

z3 = pytest.importorskip("z3")

SYSTEMS, FAST = 40, 10
STATES = 4


def _systems(seed: int, number: int) -> tuple[System, list[State]]:
    random = Random(seed + number)
    system = build_system(Dice(random))
    return system, [any_state(system, random) for _ in range(STATES)]


class Reader:
    """What Z3 makes of the definitions."""

    def __init__(self, made: Obligations, extra: str) -> None:
        self.cells = made.cells
        self._solver = z3.Solver()
        self._solver.from_string(f"{made.head}\n{extra}")

    def fix(self, state: State, primed: bool = False) -> None:
        for cell, value in zip(self.cells, state, strict=True):
            self._solver.add(_symbol(cell, primed) == _literal(cell, value))

    def holds(self, state: State, after: State | None = None) -> bool:
        """Whether what was asserted is possible in this state."""
        self._solver.push()
        self.fix(state)
        if after is not None:
            self.fix(after, primed=True)
        answer = self._solver.check()
        self._solver.pop()
        assert answer in (z3.sat, z3.unsat)
        return bool(answer == z3.sat)

    def successors(self, state: State) -> set[State]:
        """All states that the step leads to."""
        found = set()
        self._solver.push()
        self.fix(state)
        while self._solver.check() == z3.sat:
            model = self._solver.model()
            after = tuple(_value(cell, model) for cell in self.cells)
            assert after not in found
            found.add(after)
            same = [
                _symbol(c, True) == _literal(c, v) for c, v in zip(self.cells, after, strict=True)
            ]
            self._solver.add(z3.Not(z3.And(*same)))
        self._solver.pop()
        return found


def _symbol(cell: Cell, primed: bool) -> object:
    name = f"{cell.name}'" if primed else cell.name
    return z3.Bool(name) if cell.boolean else z3.Int(name)


def _literal(cell: Cell, value: int) -> object:
    return z3.BoolVal(bool(value)) if cell.boolean else z3.IntVal(value)


def _value(cell: Cell, model: object) -> int:
    found = model.eval(_symbol(cell, True), model_completion=True)  # type: ignore[attr-defined]
    return int(z3.is_true(found)) if cell.boolean else found.as_long()


def _made(system: System, prop: Property) -> Obligations:
    try:
        return obligations(system, prop, [])
    except NotExpressible as why:
        pytest.skip(str(why))


def _property(system: System, kind: PropertyKind, nth: int = 0) -> Property:
    return [prop for prop in system.properties if prop.kind is kind][nth]


@pytest.mark.parametrize("number", rounds(SYSTEMS, FAST))
def test_steps(seed: int, number: int) -> None:
    system, states = _systems(seed, number)
    reader = Reader(_made(system, _property(system, PropertyKind.INVARIANT)), "(assert |a step|)")
    for state in states:
        defined = {o.state for _, o in successors(system, state) if isinstance(o, Next)}
        assert reader.successors(state) == defined


@pytest.mark.parametrize("number", rounds(SYSTEMS, FAST))
def test_initial_states(seed: int, number: int) -> None:
    system, states = _systems(seed, number)
    reader = Reader(
        _made(system, _property(system, PropertyKind.INVARIANT)), "(assert |an initial state|)"
    )
    initial = {o.state for _, o in initial_outcomes(system) if isinstance(o, Next)}
    for state in [*states, *sorted(initial)[:4]]:
        assert reader.holds(state) == (state in initial)


@pytest.mark.parametrize("number", rounds(SYSTEMS, FAST))
@pytest.mark.parametrize("claim", ["errors", "careful"])
def test_found_errors(seed: int, number: int, claim: str) -> None:
    system, states = _systems(seed, number)
    prop = next(p for p in system.properties if p.name == claim)
    reader = Reader(_made(system, prop), "(assert |against the property|)")
    for state in states:
        outcomes = [o for _, o in successors(system, state)]
        failed = any(isinstance(o, Failed) and o.site.claim == claim for o in outcomes)
        assert reader.holds(state) == failed


@pytest.mark.parametrize("number", rounds(SYSTEMS, FAST))
@pytest.mark.parametrize("kind", [PropertyKind.INVARIANT, PropertyKind.REACHABLE])
def test_claims_about_states(seed: int, number: int, kind: PropertyKind) -> None:
    system, states = _systems(seed, number)
    prop = _property(system, kind)
    reader = Reader(_made(system, prop), "(assert |against the property|)")
    assert prop.expr is not None
    for state in states:
        try:
            holds = bool(evaluate(system, prop.expr, state))
        except FoundError:
            holds = kind is PropertyKind.REACHABLE
        assert reader.holds(state) == (holds == (kind is PropertyKind.REACHABLE))


@pytest.mark.parametrize("number", rounds(SYSTEMS, FAST))
def test_claims_about_steps(seed: int, number: int) -> None:
    system, states = _systems(seed, number)
    prop = _property(system, PropertyKind.STEP_INVARIANT)
    reader = Reader(_made(system, prop), "(assert |against the property|)")
    assert prop.expr is not None
    for state in states:
        for after in {o.state for _, o in successors(system, state) if isinstance(o, Next)}:
            try:
                wrong = not evaluate(system, prop.expr, state, {}, after)
            except FoundError:
                wrong = True
            assert reader.holds(state, after) == wrong


@pytest.mark.parametrize("number", rounds(SYSTEMS, FAST))
def test_deadlocks(seed: int, number: int) -> None:
    system, states = _systems(seed, number)
    reader = Reader(
        _made(system, _property(system, PropertyKind.DEADLOCK)), "(assert |against the property|)"
    )
    for state in states:
        moves = any(True for _ in successors(system, state))
        waits = any(not finished(system, state, agent.number) for agent in system.agents)
        assert reader.holds(state) == (waits and not moves)
