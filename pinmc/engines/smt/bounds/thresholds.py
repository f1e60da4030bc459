"""Bounds worth trying where exploration did not get to the end: numbers that the steps speak of.

What a guard compares with, and what a step may still add to it, is where a count stops.
"""

from __future__ import annotations

from pinmc.engines.smt.bounds.question import Question
from pinmc.ir.expr import Const, Expr
from pinmc.ir.system import System
from pinmc.ir.types import Bool, Int
from pinmc.ir.walk import expressions, statements, subexpressions

_MOST_CONSTANTS = 12
_MOST = 60


def thresholds(system: System, question: Question, seen: int | None) -> list[Expr]:
    """That no state goes beyond such a number, for those beyond ``seen``, the nearest first; for
    those nearest to 0 if no value was seen."""
    own = sorted(_constants(system), key=abs)[-_MOST_CONSTANTS:]
    sums = {a + b + near for a in own for c in (0, *own) for b in (c, -c) for near in (-1, 0, 1)}
    beyond = [n for n in sums if seen is None or question.better(n, seen)]
    nearest = sorted(beyond, key=lambda n: abs(n - (seen or 0)))[:_MOST]
    return [question.within(Const(n, Int())) for n in nearest]


def _constants(system: System) -> set[int]:
    exprs = [command.guard for command in system.commands]
    exprs += [
        expr
        for command in system.commands
        for stmt in statements(command.body)
        for expr in expressions(stmt)
    ]
    return {
        node.value
        for expr in exprs
        for node in subexpressions(expr)
        if isinstance(node, Const) and not isinstance(node.type, Bool)
    }
