"""The interval of values of a constant for which properties are proved.

The invariant is one for every value of the constant. A value is safe when no state of the invariant
with that value goes against a property. From a safe value, the nearest unsafe one above is a least
value, and the nearest below a greatest: two optima for each property.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

from pinmc.base.records import dataclass
from pinmc.engines.smt.bounds.facts import Facts
from pinmc.engines.smt.bounds.optimum import optimum
from pinmc.engines.smt.bounds.witness import counterexample
from pinmc.engines.smt.proving.asker import Asker, Unsure
from pinmc.engines.smt.proving.prove import STATES, Prover, explored
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.expr import Expr, Read
from pinmc.ir.system import System
from pinmc.results.bounds import Attained, End, Interval, Side

At = Callable[[int], System | None]
"""The design in which the constant has this value; None where it is not allowed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """``name``: the constant, a variable of the system that nothing assigns. ``around``: a value
    that is to be safe."""

    name: str
    around: int
    properties: tuple[str, ...]


Cases = Sequence[tuple[System, Mapping[str, int]]]
"""Designs to explore, with their values of the constant."""


def interval(system: System, wanted: Wanted, cases: Cases, at: At, seconds: float) -> Interval:
    """Raises KeyboardInterrupt."""
    deadline = perf_counter() + seconds
    answer = Interval(wanted.name, wanted.around, wanted.properties)
    try:
        facts = _facts(system, wanted, cases, seconds)
        search = _Search(facts, system, wanted)
        facts.asker.deadline = max(deadline, perf_counter() + 5)
        unsafe = search.unsafe_at(wanted.around)
        if unsafe:
            return _unsafe(answer, unsafe, at, max(10.0, deadline - perf_counter()))
        below, above = search.side(-1), search.side(1)
    except (Unsure, NotExpressible) as why:
        return replace(answer, reason=str(why))
    left = max(10.0, deadline - perf_counter()) / 2
    return replace(
        answer,
        below=_shown(below, -1, wanted, at, left),
        above=_shown(above, 1, wanted, at, left),
        lemmas=len(facts.kept),
    )


def _unsafe(answer: Interval, names: Sequence[str], at: At, seconds: float) -> Interval:
    """There is no interval: the value that is to be safe is not, as a run may show."""
    reason = f"not proved: {', '.join(names)}"
    system = at(answer.around)
    for name in names:
        if system is None:
            break
        run = counterexample(system, name, seconds / len(names))
        if run is not None:
            shown = Attained(answer.around, {answer.name: answer.around}, run)
            return replace(answer, reason=reason, shown=shown)
    return replace(answer, reason=reason)


def _facts(system: System, wanted: Wanted, cases: Cases, seconds: float) -> Facts:
    """Lemmas for every value of the constant."""
    free = (wanted.name,)
    instances = [
        replace(explored(one, STATES, seconds / 3 / len(cases)), constants=values)
        for one, values in cases
    ]
    prover = Prover(system, instances, free, seconds / 3)
    return Facts(system, prover.background, free, perf_counter() + seconds / 3)


class _Search:
    def __init__(self, facts: Facts, system: System, wanted: Wanted) -> None:
        self._asker: Asker = facts.asker
        self._wanted = wanted
        for name in wanted.properties:
            if name not in self._asker.claims:
                raise Unsure(f"{name}: {self._asker.refused.get(name, 'no claim about states')}")
        var = next(var for var in system.variables if var.name == wanted.name)
        constant: Expr = Read(var)
        self._term, _ = self._asker.quantity(constant)
        self._facts = facts.formulas

    def _against(self, name: str) -> list[list[Any]]:
        """What there is where the property fails: in a state (or in its step), and when
        initialising does."""
        claim = self._asker.claims[name]
        return [[*self._facts, claim.bad], [self._asker.types, claim.start]]

    def unsafe_at(self, value: int) -> list[str]:
        """The properties that are not proved for this value."""
        return [
            name
            for name in self._wanted.properties
            if any(
                self._asker.check(self._asker.solver(*facts, self._term == value))
                for facts in self._against(name)
            )
        ]

    def side(self, direction: int) -> Side:
        """``direction``: 1 for above, -1 for below."""
        nearest: dict[str, int] = {}
        around = self._wanted.around
        beyond = self._term > around if direction > 0 else self._term < around
        for name in self._wanted.properties:
            for facts in self._against(name):
                best = optimum(self._asker, [*facts, beyond], self._term, direction < 0)
                if best.value is not None:
                    known = nearest.get(name, best.value)
                    nearest[name] = min(known, best.value, key=lambda v: direction * v)
        if not nearest:
            limit = optimum(self._asker, self._facts, self._term, direction > 0).value
            return Side(End.OPEN if limit is None else End.LIMIT, limit)
        first = min(nearest.values(), key=lambda v: direction * v)
        last = first - direction
        self._confirm(last, first, direction)
        return Side(End.UNPROVED, last, tuple(n for n, v in nearest.items() if v == first))

    def _confirm(self, last: int, first: int, direction: int) -> None:
        """Once more by solvers of their own: everything up to the end is safe, one beside it is
        not."""
        around = self._wanted.around
        low, high = min(around, last), max(around, last)
        for name in self._wanted.properties:
            for facts in self._against(name):
                within = [self._term >= low, self._term <= high]
                if self._asker.check(self._asker.solver(*facts, *within)):
                    raise Unsure("the solver contradicts itself")
        if not self.unsafe_at(first):
            raise Unsure("the solver contradicts itself")


def _shown(side: Side, direction: int, wanted: Wanted, at: At, seconds: float) -> Side:
    """With a run that violates a property at the value after the last, if one is found."""
    if side.last is None or side.end is not End.UNPROVED:
        return side
    first = side.last + direction
    system = at(first)
    if system is None:
        return side
    for name in side.properties:
        run = counterexample(system, name, seconds / len(side.properties))
        if run is not None:
            return replace(side, end=End.VIOLATED, shown=Attained(first, {wanted.name: first}, run))
    return side
