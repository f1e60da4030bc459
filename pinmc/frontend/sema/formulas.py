"""Temporal formulas: the bodies of ``property``."""

from __future__ import annotations

from pinmc.frontend.sema import typed
from pinmc.frontend.sema.base import Base
from pinmc.frontend.sema.kinds import BOOL, FORMULA, count, error_at, is_error
from pinmc.frontend.sema.types import Type
from pinmc.frontend.sema.visit import walk
from pinmc.frontend.syntax import ast
from pinmc.ir.types import Bool, Enum, Range, Scalarset, Word, values

MAX_UNFOLDED = 1_000
"""Instances of a formula under 'forall' or 'exists'."""

_TEMPORAL = frozenset({"leads_to", "until", "always", "eventually"})


def formula(checker: Base, expr: ast.Expr) -> typed.Expr:
    """A temporal formula, or a plain condition where nothing temporal is inside.

    ``forall`` and ``exists`` over a formula are unfolded into ``and`` and ``or``.
    """
    if not any(_is_temporal(part) for part in walk(expr)):
        return checker.check(expr, BOOL)
    match expr:
        case ast.UnaryExpr(op="not" | "always" | "eventually" as op, operand=operand):
            return _temporal(op, (formula(checker, operand),), expr)
        case ast.BinaryExpr(op="iff", left=left, right=right):
            a, b = formula(checker, left), formula(checker, right)
            both = (_temporal("implies", (a, b), expr), _temporal("implies", (b, a), expr))
            return _temporal("and", both, expr)
        case ast.BinaryExpr(
            op="and" | "or" | "implies" | "until" | "leads_to" as op, left=left, right=right
        ):
            return _temporal(op, (formula(checker, left), formula(checker, right)), expr)
        case ast.QuantExpr(kind="forall" | "exists"):
            with checker.block():
                return _unfolded(checker, expr, expr.binders)
        case _:
            return checker.check(expr, BOOL)


def _is_temporal(expr: ast.Expr) -> bool:
    return isinstance(expr, ast.UnaryExpr | ast.BinaryExpr) and expr.op in _TEMPORAL


def _temporal(op: str, operands: tuple[typed.Expr, ...], expr: ast.Expr) -> typed.Expr:
    if any(is_error(o.type) for o in operands):
        return error_at(expr.span)
    return typed.Temporal(op, operands, FORMULA, expr.span)


def _unfolded(checker: Base, expr: ast.QuantExpr, binders: tuple[ast.Binder, ...]) -> typed.Expr:
    if not binders:
        return _instance(checker, expr)
    first = binders[0]
    type_ = checker.domain(first.type, f"the values '{first.name.name}' runs through")
    if is_error(type_) or not _is_small(checker, type_, first):
        return error_at(expr.span)
    found: list[typed.Expr] = []
    checker.unfolded *= count(type_)
    for value in _values(type_):
        checker.locals.add(first.name.name, typed.Const(value, type_, first.name.span))
        found.append(_unfolded(checker, expr, binders[1:]))
    checker.unfolded //= count(type_)
    if len(found) == 1:
        return found[0]
    return _temporal("and" if expr.kind == "forall" else "or", tuple(found), expr)


def _instance(checker: Base, expr: ast.QuantExpr) -> typed.Expr:
    body = formula(checker, expr.body)
    if expr.where is None:
        return body
    where = checker.check(expr.where, BOOL)
    op = "implies" if expr.kind == "forall" else "and"
    return _temporal(op, (where, body), expr)


def _is_small(checker: Base, type_: Type, binder: ast.Binder) -> bool:
    if count(type_) * checker.unfolded <= MAX_UNFOLDED:
        return True
    checker.error(
        "PIN122",
        binder.span,
        f"a temporal formula can be stated for at most {MAX_UNFOLDED} combinations of values",
    )
    return False


def _values(type_: Type) -> range:
    assert isinstance(type_, Bool | Enum | Range | Scalarset | Word)
    return values(type_)
