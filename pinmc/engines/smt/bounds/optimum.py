"""The least or greatest value of a term where formulas hold, checked by a plain solver.

Z3's Optimize proposes (Bjorner, Phan and Fleckenstein, "nuZ: an optimizing SMT solver", 2015).
Wrong optima of it are known, so what it says counts only after a plain solver has found a state
with the value and none beyond it; otherwise the plain solver searches by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import z3

from pinmc.base.records import dataclass
from pinmc.engines.smt.proving.asker import Asker, Unsure

SHOWN = 2**100
"""A term that gets beyond this on the way out is called unbounded."""

_PROPOSING = 0.3
"""The share of the time that is left for Optimize."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """``value`` is the optimum: a model has it and none is beyond. Without a value there is either
    no model at all (``empty``), or there are models beyond ``SHOWN`` (``unbounded``)."""

    value: int | None = None
    empty: bool = False
    unbounded: bool = False


def optimum(asker: Asker, facts: Sequence[Any], term: Any, greatest: bool) -> Optimum:
    """Raises Unsure and KeyboardInterrupt."""
    return _Search(asker, facts, term, greatest).run()


class _Search:
    """Everything is turned so that less is further out."""

    def __init__(self, asker: Asker, facts: Sequence[Any], term: Any, greatest: bool) -> None:
        self._asker = asker
        self._facts = list(facts)
        self._sign = -1 if greatest else 1
        self._term = -term if greatest else term
        self._solver = asker.solver(*facts)

    def run(self) -> Optimum:
        first = self._below(None)
        if first is None:
            return Optimum(empty=True)
        proposed = self._proposed()
        if proposed is not None and self._confirmed(proposed):
            return Optimum(self._sign * proposed)
        return self._searched(first)

    def _proposed(self) -> int | None:
        """What Optimize says, if it is a number."""
        maker = z3.Optimize(ctx=self._term.ctx)
        left = self._asker.deadline - perf_counter()
        maker.set("timeout", max(1, int(1000 * left * _PROPOSING)))
        maker.add(*self._facts)
        goal = maker.minimize(self._term)
        answer = maker.check()
        if answer == z3.unknown and "interrupted" in maker.reason_unknown():
            raise KeyboardInterrupt
        if answer != z3.sat:
            return None
        value = maker.lower(goal)
        return value.as_long() if z3.is_int_value(value) else None

    def _confirmed(self, value: int) -> bool:
        """A model has exactly this value and none has less."""
        return self._exists(self._term == value) and not self._exists(self._term < value)

    def _exists(self, formula: Any) -> bool:
        self._solver.push()
        self._solver.add(formula)
        try:
            return self._asker.check(self._solver)
        finally:
            self._solver.pop()

    def _below(self, limit: int | None) -> int | None:
        """The value of some model of at most ``limit``."""
        self._solver.push()
        if limit is not None:
            self._solver.add(self._term <= limit)
        try:
            if not self._asker.check(self._solver):
                return None
            model = self._solver.model()
            found: int = model.eval(self._term, model_completion=True).as_long()
            return found
        finally:
            self._solver.pop()

    def _searched(self, best: int) -> Optimum:
        """Outwards in growing strides, then inwards by halves."""
        stride = 1
        while (found := self._below(best - stride)) is not None:
            best = found
            stride *= 2
            if best < -SHOWN:
                return Optimum(unbounded=True)
        beyond = best - stride
        while beyond + 1 < best:
            middle = (beyond + best) // 2
            found = self._below(middle)
            if found is None:
                beyond = middle
            else:
                best = found
        if not self._confirmed(best):
            raise Unsure("the solver contradicts itself")
        return Optimum(self._sign * best)
