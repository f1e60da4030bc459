"""Between which numbers an expression's value lies, for engines that compute in machine words.

Wider than ``ir.extent``, which may say that it does not know: here every expression has bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from pinmc.ir.types import INT64_MAX, INT64_MIN, Scalar, Word, bounds, size

Interval: TypeAlias = tuple[int, int]

_MOST_SHIFT = 126


class Unsupported(Exception):
    """The System has something that an engine cannot do; the message says what."""


def fits64(of: Interval) -> bool:
    return of[0] >= INT64_MIN and of[1] <= INT64_MAX


def domain_bounds(domain: Scalar) -> Interval:
    """The bounds of what a loop runs over. Raises Unsupported when nobody could wait for it."""
    if size(domain) > 2**32:
        raise Unsupported(f"a loop over all values of {domain}")
    return bounds(domain)


def interval(expr: Expr) -> Interval:
    """Bounds that hold whenever evaluating ``expr`` gives a value."""
    match expr:
        case Const(value=value):
            return int(value), int(value)
        case Read(var=var):
            return bounds(var.type)
        case Bound(type=type_):
            return bounds(type_)
        case Unary(op=op, operand=operand):
            return _unary(op, interval(operand))
        case Binary(op=op, left=left, right=right):
            return _binary(op, left, right)
        case Ite(then=then, orelse=orelse):
            return _hull((interval(then), interval(orelse)))
        case Quant():
            return _quant(expr)
        case Check(operand=operand, lo=lo, hi=hi):
            return _meet(interval(operand), (lo, hi))
        case Require(operand=operand):
            return interval(operand)
        case Wrap(width=width, signed=signed):
            return bounds(Word(width, signed))
        case AgentOf(base=base, domains=domains):
            return base, base + _product(domains) - 1
        case _:
            assert_never(expr)


def _product(domains: Sequence[Scalar]) -> int:
    count = 1
    for domain in domains:
        count *= size(domain)
    return count


def _hull(of: Iterable[Interval]) -> Interval:
    both = list(of)
    return min(lo for lo, _ in both), max(hi for _, hi in both)


def _meet(a: Interval, b: Interval) -> Interval:
    lo, hi = max(a[0], b[0]), min(a[1], b[1])
    return (lo, hi) if lo <= hi else b


def _unary(op: UnOp, of: Interval) -> Interval:
    match op:
        case UnOp.NOT:
            return 0, 1
        case UnOp.NEG:
            return -of[1], -of[0]
        case UnOp.INVERT:
            return ~of[1], ~of[0]
        case _:
            assert_never(op)


def _corners(op: BinOp, a: Interval, b: Interval) -> Interval:
    found: list[int] = []
    for x in a:
        for y in b:
            match op:
                case BinOp.ADD:
                    found.append(x + y)
                case BinOp.SUB:
                    found.append(x - y)
                case BinOp.MUL:
                    found.append(x * y)
                case BinOp.MIN:
                    found.append(min(x, y))
                case _:
                    found.append(max(x, y))
    return min(found), max(found)


def _binary(op: BinOp, left: Expr, right: Expr) -> Interval:
    match op:
        case BinOp.ADD | BinOp.SUB | BinOp.MUL | BinOp.MIN | BinOp.MAX:
            return _corners(op, interval(left), interval(right))
        case BinOp.BITAND | BinOp.BITOR | BinOp.BITXOR:
            return _bits(interval(left), interval(right))
        case BinOp.DIV | BinOp.MOD | BinOp.SHR:
            most = max(abs(bound) for bound in interval(left))
            return (0 if interval(left)[0] >= 0 and interval(right)[0] >= 0 else -most), most
        case BinOp.SHL:
            by = shift_bounds(right)
            lo, hi = interval(left)
            return min(lo << by[0], lo << by[1]), max(hi << by[0], hi << by[1])
        case _:
            return 0, 1


def shift_bounds(by: Expr) -> Interval:
    """Bounds of a shift's amount, which is never negative."""
    lo, hi = interval(by)
    if hi > _MOST_SHIFT:
        raise Unsupported(f"a shift by possibly more than {_MOST_SHIFT}")
    return max(lo, 0), max(hi, 0)


def _bits(a: Interval, b: Interval) -> Interval:
    """Bit operations stay within the bits of their operands, sign included."""
    width = max(max(abs(bound), abs(bound + 1)).bit_length() for bound in (*a, *b))
    lo = 0 if a[0] >= 0 and b[0] >= 0 else -(1 << width)
    return lo, (1 << width) - 1


def _quant(quant: Quant) -> Interval:
    if quant.kind in (QuantKind.FORALL, QuantKind.EXISTS):
        return 0, 1
    lo, hi = interval(quant.body)
    count = size(quant.domain)
    return min(lo * count, 0), max(hi * count, 0)
