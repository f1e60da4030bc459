"""Constant folding of expressions and statements: fewer nodes, the very same steps.

A part that might be a found error is never dropped unless the semantics would not evaluate it:
``x and false`` stays when ``x`` can fail, ``false and x`` is false.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from pinmc.ir.evaluate import FoundError, Scope, apply, value_of
from pinmc.ir.expr import (
    COMPARISON,
    FALSE,
    LOGICAL,
    TRUE,
    AgentOf,
    Binary,
    BinOp,
    Check,
    Const,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Require,
    Unary,
    UnOp,
    Wrap,
    children,
    type_of,
    with_children,
)
from pinmc.ir.extent import extent
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import Word, bounds, size
from pinmc.ir.walk import subexpressions

_NOTHING = Scope((), (), {})


def fold(expr: Expr) -> Expr:
    """An expression of the same value and the same found errors, with constants worked out."""
    old = children(expr)
    if not old:
        return expr
    new = tuple(fold(child) for child in old)
    if any(a is not b for a, b in zip(old, new, strict=True)):
        expr = with_children(expr, new)
    return _folded(expr)


def fold_body(body: Sequence[Stmt]) -> tuple[Stmt, ...]:
    """Statements with folded expressions and without branches that are never taken."""
    return tuple(small for stmt in body for small in _fold_stmt(stmt))


def can_fail(expr: Expr) -> bool:
    """Whether evaluating ``expr`` may be a found error."""
    return any(isinstance(node, Check | Require) for node in subexpressions(expr))


def constant(expr: Expr) -> int | None:
    """The value of a folded expression that is a constant, else None."""
    return expr.value if isinstance(expr, Const) else None


def _folded(expr: Expr) -> Expr:
    """``expr`` over operands that are folded already."""
    match expr:
        case Binary():
            return _binary(expr)
        case Unary(op=UnOp.NOT, operand=Unary(op=UnOp.NOT, operand=operand)):
            return operand
        case Ite(cond=Const(value=value), then=then, orelse=orelse):
            return then if value else orelse
        case Check(operand=operand, lo=lo, hi=hi) if _certain(operand, lo, hi):
            return _typed(operand, expr)
        case Wrap(operand=operand, width=width, signed=signed) if _certain(
            operand, *bounds(Word(width, signed))
        ):
            return _typed(operand, expr)
        case Require(cond=Const(value=1), operand=operand):
            return operand
        case Quant(kind=kind, body=Const(value=value)):
            return _constant_quant(expr, kind, value)
        case Unary() | Ite() | Check() | Require() | Wrap() | Quant() | AgentOf():
            return _evaluated(expr)
        case _:
            return expr


def _typed(operand: Expr, was: Expr) -> Expr:
    """The operand of a check that cannot fail; a constant takes the type it was checked for."""
    return Const(operand.value, type_of(was)) if isinstance(operand, Const) else operand


def _certain(operand: Expr, lo: int, hi: int) -> bool:
    known = extent(operand)
    return known is not None and lo <= known[0] and known[1] <= hi


def _constant_quant(quant: Quant, kind: QuantKind, value: int) -> Expr:
    count = size(quant.domain)
    match kind:
        case QuantKind.FORALL:
            return TRUE if value or not count else FALSE
        case QuantKind.EXISTS:
            return TRUE if value and count else FALSE
        case QuantKind.COUNT | QuantKind.SUM:
            return Const(value * count, type_of(quant))
        case _:
            assert_never(kind)


def _binary(expr: Binary) -> Expr:
    if expr.op in LOGICAL:
        return _logical(expr)
    if isinstance(expr.left, Const) and isinstance(expr.right, Const):
        return _strict(expr, expr.left.value, expr.right.value)
    return expr


def _strict(expr: Binary, left: int, right: int) -> Expr:
    if expr.op in (BinOp.DIV, BinOp.MOD) and right == 0:
        return expr
    if expr.op in (BinOp.SHL, BinOp.SHR) and not 0 <= right <= 64:
        return expr
    value = apply(expr.op, left, right)
    if expr.op in COMPARISON:
        return TRUE if value else FALSE
    return Const(value, type_of(expr))


def _logical(expr: Binary) -> Expr:
    """Left constant: decided or dropped. Right constant: only if the left cannot matter."""
    left, right = constant(expr.left), constant(expr.right)
    if left is not None:
        if expr.op is BinOp.OR:
            return TRUE if left else expr.right
        return expr.right if left else (FALSE if expr.op is BinOp.AND else TRUE)
    if right is None:
        return expr
    neutral = 0 if expr.op is BinOp.OR else 1
    if right == neutral:
        # 'x implies true' is true whatever x is, the other two are x itself.
        return _dropped(expr, TRUE) if expr.op is BinOp.IMPLIES else expr.left
    if expr.op is BinOp.IMPLIES:
        return fold(Unary(UnOp.NOT, expr.left))
    return _dropped(expr, FALSE if expr.op is BinOp.AND else TRUE)


def _dropped(expr: Binary, value: Expr) -> Expr:
    return expr if can_fail(expr.left) else value


def _evaluated(expr: Expr) -> Expr:
    """The constant that an expression over constants is, unless it is a found error."""
    if not all(isinstance(child, Const) for child in children(expr)):
        return expr
    if isinstance(expr, Quant):
        return expr
    try:
        return Const(value_of(expr, _NOTHING), type_of(expr))
    except FoundError:
        return expr


def _fold_stmt(stmt: Stmt) -> tuple[Stmt, ...]:
    match stmt:
        case Assign(var=var, index=index, value=value):
            return (Assign(var, tuple(fold(i) for i in index), fold(value)),)
        case If(cond=cond, then=then, orelse=orelse):
            return _fold_if(fold(cond), then, orelse)
        case For(name=name, domain=domain, body=body):
            inner = fold_body(body)
            return (For(name, domain, inner),) if inner else ()
        case Assume(cond=cond):
            small = fold(cond)
            return () if constant(small) == 1 else (Assume(small),)
        case Assert(cond=cond, site=site):
            small = fold(cond)
            return () if constant(small) == 1 else (Assert(small, site),)
        case Mark() | Unused():
            return (stmt,)
        case _:
            assert_never(stmt)


def _fold_if(cond: Expr, then: tuple[Stmt, ...], orelse: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    known = constant(cond)
    if known is not None:
        return fold_body(then if known else orelse)
    small, other = fold_body(then), fold_body(orelse)
    if not small and not other and not can_fail(cond):
        return ()
    return (If(cond, small, other),)
