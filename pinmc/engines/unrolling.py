"""Quantifiers and loops written out value by value, and how much that would be."""

from __future__ import annotations

from pinmc.ir.expr import Const, Expr, Quant, children
from pinmc.ir.stmt import For, If, Stmt
from pinmc.ir.types import size, values
from pinmc.ir.walk import expressions, substitute


def instances(quant: Quant) -> list[Expr]:
    """The body for each value of the domain."""
    return [
        substitute(quant.body, {quant.name: Const(value, quant.domain)})
        for value in values(quant.domain)
    ]


def weight(expr: Expr) -> int:
    """How many nodes the expression has when its quantifiers are written out."""
    inner = 1 + sum(weight(child) for child in children(expr))
    return inner * max(1, size(expr.domain)) if isinstance(expr, Quant) else inner


def loop_weight(loop: For) -> int:
    """How many nodes the loop has when it is written out."""
    return size(loop.domain) * max(1, sum(_weight(stmt) for stmt in loop.body))


def _weight(stmt: Stmt) -> int:
    own = 1 + sum(weight(expr) for expr in expressions(stmt))
    match stmt:
        case For():
            return own + loop_weight(stmt)
        case If(then=then, orelse=orelse):
            return own + sum(_weight(inner) for inner in (*then, *orelse))
        case _:
            return own
