"""What has to be shown of an invariant, one command at a time, and whether Z3 can show it."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import z3

from pinmc.base.records import dataclass
from pinmc.engines.smt.anysize.model import Model
from pinmc.engines.smt.anysize.steps import Step
from pinmc.ir.expr import Expr

ONE_CHECK = 2.0
"""Seconds for one question."""


@dataclass(frozen=True, slots=True)
class Shown:
    """``yes``: no model contradicts it. Otherwise ``why``: there is one, or there is no answer."""

    yes: bool
    why: str = ""


class Obligations:
    """Questions about one model; ``deadline`` is a moment of ``perf_counter``."""

    def __init__(self, model: Model, deadline: float) -> None:
        self.model = model
        self.deadline = deadline
        self.asked = 0
        self._said: dict[Expr, Any] = {}

    def begins(self, expr: Expr) -> Shown:
        """``expr`` holds in every initial state."""
        model = self.model
        solver = self._solver([*model.sorts.named, *model.begin.facts])
        return self._shown(solver, model.holds(expr, model.begin.after), "the initial states")

    def kept(self, step: Step, exprs: Sequence[Expr], invariant: Sequence[Expr]) -> dict[Expr, str]:
        """Those of ``exprs``, all of the invariant, that do not surely hold where a step leads to
        from where the invariant holds; and why."""
        changed = [expr for expr in exprs if self.model.touches(step, expr)]
        if not changed:
            return {}
        solver = self._step(step, invariant)
        goals = [(expr, self.model.holds(expr, step.after)) for expr in changed]
        return self._lost(solver, goals, step.name)

    def _lost(self, solver: Any, goals: Sequence[tuple[Expr, Any]], where: str) -> dict[Expr, str]:
        """All at once; if that cannot be shown, each half."""
        shown = self._shown(solver, z3.And(*(goal for _, goal in goals)), where)
        if shown.yes:
            return {}
        if len(goals) == 1:
            return {goals[0][0]: shown.why}
        middle = len(goals) // 2
        first = self._lost(solver, goals[:middle], where)
        return first | self._lost(solver, goals[middle:], where)

    def done(self, step: Step, expr: Expr, invariant: Sequence[Expr]) -> Shown:
        """``expr``, which is about steps, holds of each one from where the invariant holds."""
        goal = self.model.holds(expr, self.model.now, step.after)
        return self._shown(self._step(step, invariant), goal, step.name)

    def _step(self, step: Step, invariant: Sequence[Expr]) -> Any:
        given = [self._now(expr) for expr in invariant]
        return self._solver([*self.model.types, *given, *step.facts])

    def _now(self, expr: Expr) -> Any:
        if expr not in self._said:
            self._said[expr] = self.model.holds(expr, self.model.now)
        return self._said[expr]

    def _solver(self, facts: Sequence[Any]) -> Any:
        solver = z3.Solver(ctx=self.model.context)
        solver.add(*facts)
        return solver

    def _shown(self, solver: Any, goal: Any, where: str) -> Shown:
        left = self.deadline - perf_counter()
        if left <= 0:
            return Shown(False, "the time is up")
        solver.set("timeout", max(1, int(min(left, ONE_CHECK) * 1000)))
        solver.push()
        solver.add(z3.Not(goal))
        self.asked += 1
        answer = solver.check()
        reason = solver.reason_unknown() if answer == z3.unknown else ""
        solver.pop()
        if answer == z3.unsat:
            return Shown(True)
        if "interrupted" in reason:
            raise KeyboardInterrupt
        found = "fails after" if answer == z3.sat else "is undecided after"
        return Shown(False, f"{found} {where}")
