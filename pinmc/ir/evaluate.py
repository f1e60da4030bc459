"""The value of an expression: the reference definition.

Written to be read and trusted, not to be fast. ``Scope`` is all an expression can see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from pinmc.base.records import dataclass
from pinmc.ir.expr import (
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Check,
    Const,
    ErrorSite,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Read,
    Require,
    Storage,
    Unary,
    UnOp,
    Var,
    Wrap,
)
from pinmc.ir.types import Scalar, bounds, size, values


class FoundError(Exception):
    """A ``Check``, ``Require`` or ``Assert`` failed: the step is a found error at ``site``."""

    def __init__(self, site: ErrorSite) -> None:
        super().__init__(site.text)
        self.site = site


@dataclass(frozen=True, slots=True)
class Scope:
    """The state, the temporaries, the values of Bounds and, in step invariants, the next state."""

    state: Sequence[int]
    temps: Sequence[int]
    bound: Mapping[str, int]
    primed: Sequence[int] | None = None

    def bind(self, name: str, value: int) -> Scope:
        """The same scope with one more Bound."""
        return Scope(self.state, self.temps, {**self.bound, name: value}, self.primed)


def slot(var: Var, index: Iterable[int]) -> int:
    """Where the cell ``var[index]`` is in its vector; the indices must be within the dimensions."""
    return var.offset + row_major(var.dims, index)


def row_major(domains: Sequence[Scalar], args: Iterable[int]) -> int:
    """The position of ``args`` among all values of ``domains``, the last one varying fastest."""
    position = 0
    for domain, value in zip(domains, args, strict=True):
        lo, hi = bounds(domain)
        if not lo <= value <= hi:
            raise IndexError(f"index {value} is not in {lo}..{hi}")
        position = position * size(domain) + value - lo
    return position


def cells(var: Var) -> int:
    """How many slots the variable takes."""
    count = 1
    for dim in var.dims:
        count *= size(dim)
    return count


def value_of(expr: Expr, scope: Scope) -> int:
    """The value of ``expr``; raises ``FoundError`` for the first check that fails."""
    match expr:
        case Const(value=value):
            return int(value)
        case Bound(name=name):
            return scope.bound[name]
        case Read():
            return _read(expr, scope)
        case Unary(op=op, operand=operand):
            return _unary(op, value_of(operand, scope))
        case Binary(op=op, left=left, right=right):
            return _binary(op, left, right, scope)
        case Ite(cond=cond, then=then, orelse=orelse):
            return value_of(then if value_of(cond, scope) else orelse, scope)
        case Quant():
            return _quantified(expr, scope)
        case Check(operand=operand, lo=lo, hi=hi, site=site):
            return _within(value_of(operand, scope), lo, hi, site)
        case Require(cond=cond, operand=operand, site=site):
            if not value_of(cond, scope):
                raise FoundError(site)
            return value_of(operand, scope)
        case Wrap(operand=operand, width=width, signed=signed):
            return wrap(value_of(operand, scope), width, signed)
        case AgentOf(base=base, args=args, domains=domains):
            return base + row_major(domains, [value_of(arg, scope) for arg in args])
        case _:
            assert_never(expr)


def wrap(value: int, width: int, signed: bool) -> int:
    """``value`` as a machine word of ``width`` bits, two's complement if signed."""
    count = 1 << width
    word = value % count
    return word - count if signed and word >= count // 2 else word


def divide(dividend: int, divisor: int) -> int:
    """The quotient truncated towards zero, as in C."""
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def remainder(dividend: int, divisor: int) -> int:
    """What ``divide`` leaves: it has the dividend's sign, as in C."""
    return dividend - divisor * divide(dividend, divisor)


def _read(read: Read, scope: Scope) -> int:
    where = slot(read.var, [value_of(index, scope) for index in read.index])
    if read.var.storage is Storage.TEMP:
        return scope.temps[where]
    if not read.primed:
        return scope.state[where]
    if scope.primed is None:
        raise ValueError(f"{read.var.name}' is read outside a step invariant")
    return scope.primed[where]


def _within(value: int, lo: int, hi: int, site: ErrorSite) -> int:
    if not lo <= value <= hi:
        raise FoundError(site)
    return value


def _unary(op: UnOp, value: int) -> int:
    match op:
        case UnOp.NOT:
            return int(not value)
        case UnOp.NEG:
            return -value
        case UnOp.INVERT:
            return ~value
        case _:
            assert_never(op)


def _binary(op: BinOp, left: Expr, right: Expr, scope: Scope) -> int:
    first = value_of(left, scope)
    match op:
        case BinOp.AND:
            return value_of(right, scope) if first else 0
        case BinOp.OR:
            return 1 if first else value_of(right, scope)
        case BinOp.IMPLIES:
            return value_of(right, scope) if first else 1
        case _:
            return apply(op, first, value_of(right, scope))


def apply(op: BinOp, a: int, b: int) -> int:
    """The strict operators on numbers (logical ones included: both sides are known)."""
    match op:
        case BinOp.AND:
            return int(bool(a) and bool(b))
        case BinOp.OR:
            return int(bool(a) or bool(b))
        case BinOp.IMPLIES:
            return int(not a or bool(b))
        case BinOp.EQ:
            return int(a == b)
        case BinOp.NE:
            return int(a != b)
        case BinOp.LT:
            return int(a < b)
        case BinOp.LE:
            return int(a <= b)
        case BinOp.GT:
            return int(a > b)
        case BinOp.GE:
            return int(a >= b)
        case BinOp.ADD:
            return a + b
        case BinOp.SUB:
            return a - b
        case BinOp.MUL:
            return a * b
        case BinOp.DIV:
            return divide(a, b)
        case BinOp.MOD:
            return remainder(a, b)
        case BinOp.BITAND:
            return a & b
        case BinOp.BITOR:
            return a | b
        case BinOp.BITXOR:
            return a ^ b
        case BinOp.SHL:
            return a << b
        case BinOp.SHR:
            return a >> b
        case BinOp.MIN:
            return min(a, b)
        case BinOp.MAX:
            return max(a, b)
        case _:
            assert_never(op)


def _quantified(quant: Quant, scope: Scope) -> int:
    each = (value_of(quant.body, scope.bind(quant.name, v)) for v in values(quant.domain))
    match quant.kind:
        case QuantKind.FORALL:
            return int(all(each))
        case QuantKind.EXISTS:
            return int(any(each))
        case QuantKind.COUNT | QuantKind.SUM:
            return sum(each)
        case _:
            assert_never(quant.kind)
