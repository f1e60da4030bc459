"""Z3 with the obligations of one property: what is asked of it again and again."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import Any

import z3

from pinmc.engines.smt.script.scripts import BAD, BAD_START, obligations
from pinmc.engines.smt.script.system import INIT, STEP, Cell, against
from pinmc.engines.smt.script.terms import not_
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property
from pinmc.ir.semantics import State
from pinmc.ir.system import System


class Unsure(Exception):
    """Z3 gives no answer; the message says why."""


class Asker:
    """The formulas of one property. Lemmas are added once and known by their numbers.

    ``deadline``: the moment of ``perf_counter`` after which there are no answers. Raises
    NotExpressible when the property has no obligations.
    """

    def __init__(self, system: System, prop: Property, deadline: float) -> None:
        made = obligations(system, prop, [])
        self.cells: tuple[Cell, ...] = made.cells
        self._deadline = deadline
        self._context = z3.Context()
        self._now = [_constant(cell, "", self._context) for cell in made.cells]
        self._next = [_constant(cell, "'", self._context) for cell in made.cells]
        self._swap = list(zip(self._now, self._next, strict=True))
        self.init, self.start, self.step, self.bad, self.own = self._definitions(made.head)
        self.lemmas: list[Any] = []
        self._numbers: dict[Expr, int] = {}
        self._names = {cell.name: c for cell, c in zip(made.cells, self._now, strict=True)}

    def _definitions(self, head: str) -> list[Any]:
        """Whether the state is initial, whether initialising fails, the step, the failure, and
        that the types (and the property, if it is about states) hold."""
        args = " ".join(cell.term.text for cell in self.cells)
        own = f"(|the invariant| {args})" if args else "|the invariant|"
        asked = [f"|{INIT}|", f"|{BAD_START}|", f"|{STEP}|", f"|{BAD}|", own]
        text = head + "".join(f"(assert {each})" for each in asked)
        found = list(z3.parse_smt2_string(text, ctx=self._context))
        assert len(found) == len(asked)
        return found

    def add(self, expr: Expr) -> int:
        """The number of a lemma."""
        if expr not in self._numbers:
            term = not_(against(expr, self.cells)).text
            (made,) = z3.parse_smt2_string(
                f"(assert (and {term} true))", decls=self._names, ctx=self._context
            ) or [z3.BoolVal(True, self._context)]
            self._numbers[expr] = len(self.lemmas)
            self.lemmas.append(made)
        return self._numbers[expr]

    def after(self, formula: Any) -> Any:
        """The formula about the state after the step."""
        return z3.substitute(formula, *self._swap) if self._swap else formula

    def mark(self, kind: str, number: int) -> Any:
        """A truth value of its own."""
        return z3.Bool(f"{kind} {number}", self._context)

    def either(self, formulas: Iterable[Any]) -> Any:
        return z3.Or([z3.BoolVal(False, self._context), *formulas])

    def opposite(self, formula: Any) -> Any:
        return z3.Not(formula)

    def implies(self, left: Any, right: Any) -> Any:
        return z3.Implies(left, right)

    def solver(self, *facts: Any) -> Any:
        made = z3.Solver(ctx=self._context)
        made.set("core.minimize", True)
        made.add(*facts)
        return made

    def check(self, solver: Any, *assumptions: Any) -> bool:
        """Whether there is a model. Raises Unsure, and KeyboardInterrupt, which Z3 swallows."""
        left = self._deadline - perf_counter()
        if left <= 0:
            raise Unsure("the time is up")
        solver.set("timeout", max(1, int(left * 1000)))
        answer = solver.check(*assumptions)
        if answer == z3.unknown:
            reason = solver.reason_unknown()
            if "interrupted" in reason:
                raise KeyboardInterrupt
            raise Unsure("the time is up" if "timeout" in reason or "cancel" in reason else reason)
        return bool(answer == z3.sat)

    def true_in(self, model: Any, formula: Any) -> bool:
        return bool(z3.is_true(model.eval(formula, model_completion=True)))

    def state(self, model: Any) -> State:
        """The state that a model speaks of."""
        found = []
        for cell, constant in zip(self.cells, self._now, strict=True):
            value = model.eval(constant, model_completion=True)
            found.append(int(z3.is_true(value)) if cell.boolean else value.as_long())
        return tuple(found)


def _constant(cell: Cell, prime: str, context: Any) -> Any:
    make = z3.Bool if cell.boolean else z3.Int
    return make(f"{cell.name}{prime}", context)
