"""Between which numbers an expression's value must lie, judged by types and shape alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, assert_never

from pinmc.ir.expr import (
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Check,
    Const,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Read,
    Require,
    Unary,
    UnOp,
    Wrap,
)
from pinmc.ir.types import Int, Word, bounds, size

Extent: TypeAlias = tuple[int, int] | None
"""Least and greatest possible value; None when nothing useful is known."""


def extent(expr: Expr) -> Extent:
    """Bounds that hold whenever evaluating ``expr`` gives a value, not necessarily the tightest."""
    match expr:
        case Const(value=value):
            return value, value
        case Read(var=var):
            return bounds(var.type)
        case Bound(type=type_):
            return bounds(type_)
        case Unary(op=op, operand=operand):
            return _unary(op, operand)
        case Binary(op=op, left=left, right=right):
            return _binary(op, extent(left), extent(right))
        case Ite(then=then, orelse=orelse):
            return _hull(extent(then), extent(orelse))
        case Quant():
            return _quant(expr)
        case Check(operand=operand, lo=lo, hi=hi):
            return _meet(extent(operand), (lo, hi))
        case Require(operand=operand):
            return extent(operand)
        case Wrap(width=width, signed=signed):
            return bounds(Word(width, signed))
        case AgentOf(base=base, domains=domains):
            count = 1
            for domain in domains:
                count *= size(domain)
            return base, base + count - 1
        case _:
            assert_never(expr)


def _unary(op: UnOp, operand: Expr) -> Extent:
    if op is UnOp.NOT:
        return 0, 1
    inner = extent(operand)
    if inner is None:
        return None
    lo, hi = inner
    return (-hi, -lo) if op is UnOp.NEG else (~hi, ~lo)


_Corner: TypeAlias = Callable[[int, int], int]

_CORNERS: dict[BinOp, _Corner] = {
    BinOp.ADD: lambda a, b: a + b,
    BinOp.SUB: lambda a, b: a - b,
    BinOp.MUL: lambda a, b: a * b,
    BinOp.MIN: min,
    BinOp.MAX: max,
}
"""Operators whose extremes are at the extremes of their operands."""


def _binary(op: BinOp, left: Extent, right: Extent) -> Extent:
    match op:
        case BinOp.ADD | BinOp.SUB | BinOp.MUL | BinOp.MIN | BinOp.MAX:
            return _corners(_CORNERS[op], left, right)
        case BinOp.BITAND:
            return _bit_and(left, right)
        case BinOp.BITOR | BinOp.BITXOR:
            return _bit_or(left, right)
        case BinOp.DIV | BinOp.SHR:
            return _at_most(left) if _never_negative(right) else None
        case BinOp.MOD:
            return _modulo(left, right)
        case BinOp.SHL:
            return None
        case _:
            return 0, 1


def _corners(of: _Corner, left: Extent, right: Extent) -> Extent:
    if left is None or right is None:
        return None
    found = [of(a, b) for a in left for b in right]
    return min(found), max(found)


def _never_negative(of: Extent) -> bool:
    return of is not None and of[0] >= 0


def _at_most(left: Extent) -> Extent:
    return (0, left[1]) if left is not None and left[0] >= 0 else None


def _bit_and(left: Extent, right: Extent) -> Extent:
    tops = [of[1] for of in (left, right) if of is not None and of[0] >= 0]
    return (0, min(tops)) if tops else None


def _bit_or(left: Extent, right: Extent) -> Extent:
    if left is None or right is None or left[0] < 0 or right[0] < 0:
        return None
    return 0, (1 << max(left[1], right[1]).bit_length()) - 1


def _modulo(left: Extent, right: Extent) -> Extent:
    if left is None or right is None or left[0] < 0 or right[0] < 1:
        return None
    return 0, min(left[1], right[1] - 1)


def _hull(a: Extent, b: Extent) -> Extent:
    return None if a is None or b is None else (min(a[0], b[0]), max(a[1], b[1]))


def _meet(a: Extent, b: tuple[int, int]) -> Extent:
    if a is None:
        return b
    lo, hi = max(a[0], b[0]), min(a[1], b[1])
    return (lo, hi) if lo <= hi else b


def _quant(quant: Quant) -> Extent:
    if quant.kind in (QuantKind.FORALL, QuantKind.EXISTS):
        return 0, 1
    inner = extent(quant.body)
    if inner is None or isinstance(quant.domain, Int):
        return None
    count = size(quant.domain)
    return inner[0] * count, inner[1] * count
