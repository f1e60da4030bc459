"""Numbers as bit-vectors that are just wide enough: no sum, product or shift ever wraps.

A ``Num`` knows between which numbers it lies, and its term has as many bits as a two's complement
of these needs. What is known is a Python number, and costs the solver nothing.
"""

from __future__ import annotations

from typing import Any

import z3

from pinmc.base.records import dataclass
from pinmc.engines.intervals import Unsupported
from pinmc.ir.evaluate import apply
from pinmc.ir.expr import BinOp

_WIDEST = 260


@dataclass(frozen=True, slots=True)
class Num:
    """A number from ``lo`` to ``hi``; ``term`` is None where they are the same."""

    lo: int
    hi: int
    term: Any = None

    @property
    def known(self) -> int | None:
        return self.lo if self.term is None else None

    def at(self, width: int) -> Any:
        """The term with ``width`` bits, at least as many as it needs."""
        if self.term is None:
            return z3.BitVecVal(self.lo, width)
        more = width - self.term.size()
        return z3.SignExt(more, self.term) if more else self.term


def width_of(lo: int, hi: int) -> int:
    """The bits of a two's complement that has all numbers from ``lo`` to ``hi``."""
    width = max(hi.bit_length(), (-lo - 1).bit_length() if lo < 0 else 0) + 1
    if width > _WIDEST:
        raise Unsupported(f"numbers of {width} bits")
    return width


def constant(value: int) -> Num:
    return Num(value, value)


def variable(name: str, lo: int, hi: int) -> Num:
    """An unknown; nothing keeps it within its bounds but what is said of it."""
    return Num(lo, hi) if lo == hi else Num(lo, hi, z3.BitVec(name, width_of(lo, hi)))


def fitted(lo: int, hi: int, term: Any) -> Num:
    """``term``, wide enough or wider, which is known to lie between ``lo`` and ``hi``."""
    if lo == hi:
        return Num(lo, hi)
    width = width_of(lo, hi)
    return Num(lo, hi, term if term.size() == width else z3.Extract(width - 1, 0, term))


def truth(of: Num) -> Any:
    """Whether it is not zero."""
    if of.known is not None:
        return z3.BoolVal(of.known != 0)
    return of.term != 0


def number(condition: Any) -> Num:
    """1 or 0."""
    if z3.is_true(condition):
        return constant(1)
    if z3.is_false(condition):
        return constant(0)
    return Num(0, 1, z3.If(condition, z3.BitVecVal(1, 2), z3.BitVecVal(0, 2)))


def choose(condition: Any, then: Num, orelse: Num) -> Num:
    if z3.is_true(condition):
        return then
    if z3.is_false(condition) or then == orelse:
        return orelse
    lo, hi = min(then.lo, orelse.lo), max(then.hi, orelse.hi)
    width = width_of(lo, hi)
    return fitted(lo, hi, z3.If(condition, then.at(width), orelse.at(width)))


_ORDERS = {
    BinOp.EQ: lambda a, b: a == b,
    BinOp.NE: lambda a, b: a != b,
    BinOp.LT: lambda a, b: a < b,
    BinOp.LE: lambda a, b: a <= b,
    BinOp.GT: lambda a, b: a > b,
    BinOp.GE: lambda a, b: a >= b,
}


def compare(op: BinOp, left: Num, right: Num) -> Any:
    """The truth of a comparison, known where the bounds decide it."""
    if left.known is not None and right.known is not None:
        return z3.BoolVal(bool(apply(op, left.known, right.known)))
    if op in (BinOp.EQ, BinOp.NE) and (left.hi < right.lo or right.hi < left.lo):
        return z3.BoolVal(op is BinOp.NE)
    if op not in (BinOp.EQ, BinOp.NE):
        corners = {bool(apply(op, a, b)) for a in (left.lo, left.hi) for b in (right.lo, right.hi)}
        if len(corners) == 1:
            return z3.BoolVal(corners.pop())
    width = width_of(min(left.lo, right.lo), max(left.hi, right.hi))
    return _ORDERS[op](left.at(width), right.at(width))


def arithmetic(op: BinOp, left: Num, right: Num, bounds: tuple[int, int]) -> Num:
    """``bounds`` of the result; they only decide how many bits it has."""
    if right.known is not None and _is_error(op, right.known):
        return constant(bounds[0])  # a found error comes before
    if left.known is not None and right.known is not None:
        return constant(apply(op, left.known, right.known))
    lo, hi = bounds
    width = width_of(min(lo, left.lo, right.lo), max(hi, left.hi, right.hi))
    if op in (BinOp.DIV, BinOp.MOD):
        width += 1  # the least number has no opposite
    a, b = left.at(width), right.at(width)
    return fitted(lo, hi, _operated(op, a, b))


def _is_error(op: BinOp, right: int) -> bool:
    """Whether the right side of a division or shift is one that is checked for."""
    if op in (BinOp.DIV, BinOp.MOD):
        return right == 0
    return op in (BinOp.SHL, BinOp.SHR) and right < 0


def _operated(op: BinOp, a: Any, b: Any) -> Any:
    match op:
        case BinOp.ADD:
            return a + b
        case BinOp.SUB:
            return a - b
        case BinOp.MUL:
            return a * b
        case BinOp.DIV:
            return z3.If(b == 0, b, a / b)  # a zero divisor is a found error before
        case BinOp.MOD:
            return z3.If(b == 0, b, z3.SRem(a, b))
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
            return z3.If(a < b, a, b)
        case BinOp.MAX:
            return z3.If(a > b, a, b)
        case _:
            raise AssertionError(op)


def negated(of: Num) -> Num:
    lo, hi = -of.hi, -of.lo
    if of.known is not None:
        return constant(-of.known)
    width = width_of(min(lo, of.lo), max(hi, of.hi))
    return fitted(lo, hi, -of.at(width))


def inverted(of: Num) -> Num:
    if of.known is not None:
        return constant(~of.known)
    return fitted(~of.hi, ~of.lo, ~of.at(width_of(min(of.lo, ~of.hi), max(of.hi, ~of.lo))))


def wrapped(of: Num, width: int, signed: bool) -> Num:
    """Modulo 2**width, as a machine word."""
    lo, hi = (-(1 << width - 1), (1 << width - 1) - 1) if signed else (0, (1 << width) - 1)
    if lo <= of.lo and of.hi <= hi:
        return of
    if of.known is not None:
        word = of.known % (1 << width)
        return constant(word - (1 << width) if signed and word > hi else word)
    wide = of.at(max(of.term.size(), width))
    bits = z3.Extract(width - 1, 0, wide)
    return Num(lo, hi, bits) if signed else Num(lo, hi, z3.ZeroExt(1, bits))
