"""All formulas of one family: how it begins, its steps, and what claims say of both."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import z3

from pinmc.engines.smt.anysize.erase import Claimed, Family
from pinmc.engines.smt.anysize.formulas import Formulas, Scope, Values
from pinmc.engines.smt.anysize.sorts import Sorts
from pinmc.engines.smt.anysize.steps import Executor, Step
from pinmc.engines.smt.script.terms import NotExpressible
from pinmc.ir.expr import Expr, Unary, UnOp, Var
from pinmc.ir.property import PropertyKind
from pinmc.ir.walk import reads

OF_STATES = frozenset({PropertyKind.INVARIANT, PropertyKind.LEMMA, PropertyKind.REACHABLE})


class Model:
    """The transition system of a family in formulas. Raises NotExpressible."""

    def __init__(self, family: Family) -> None:
        self.context = z3.Context()
        self.sorts = Sorts(family, self.context)
        self.family = family
        self.formulas = Formulas(self.sorts)
        executor = Executor(self.formulas, family.variables)
        self.now = executor.now()
        self.begin: Step = executor.run(family.initial, executor.least(family.variables))
        self.steps = tuple(executor.run(command, self.now) for command in family.commands)
        self._true = z3.BoolVal(True, self.context)
        self.types = [*self.sorts.named, *self._types()]

    def holds(self, expr: Expr, values: Values, primed: Values | None = None) -> Any:
        """``expr`` in the state (and the next one)."""
        return self.formulas.truth(expr, Scope(values, {}, self._true, None, primed))

    def touches(self, step: Step, expr: Expr) -> bool:
        """Whether the step could change what ``expr`` reads."""
        return any(step.after[var.name] is not self.now[var.name] for var in reads(expr))

    def _types(self) -> Iterator[Any]:
        """The numbers in the cells lie within their types."""
        for var in self.family.variables:
            yield from self._typed(var)

    def _typed(self, var: Var) -> Iterator[Any]:
        if self.sorts.of(var.type) != self.sorts.numbers:
            return
        axes: list[list[Any]] = []
        free: list[Any] = []
        for dim in var.dims:
            known = self.sorts.finite(dim)
            if known is None:
                free.append(self.formulas.fresh("i", dim))
                known = [free[-1]]
            axes.append(known)
        for index in product(*axes):
            fact = self.formulas.within(self.now[var.name](index), var.type)
            if fact is not None:
                yield z3.ForAll(free, fact) if free else fact


def of_states(claim: Claimed) -> Expr:
    """What must be true of every state. Raises NotExpressible for other kinds of claims."""
    if claim.kind not in OF_STATES or claim.expr is None:
        raise NotExpressible(f"{claim.kind.value} is proved for a fixed number only")
    return Unary(UnOp.NOT, claim.expr) if claim.kind is PropertyKind.REACHABLE else claim.expr
