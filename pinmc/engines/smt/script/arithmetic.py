"""Division as in C, shifts and bit operations by means of the integers of SMT-LIB2."""

from __future__ import annotations

from pinmc.engines.smt.script.terms import (
    NotExpressible,
    Term,
    add,
    as_int,
    compare,
    eq,
    euclid,
    floor_divide,
    floor_modulo,
    ite,
    multiply,
    negate,
    number,
    subtract,
)
from pinmc.ir.evaluate import apply
from pinmc.ir.expr import BinOp
from pinmc.ir.extent import Extent

_MOST_SHIFT = 64


def wrapped(term: Term, width: int, signed: bool) -> Term:
    """A machine word of ``width`` bits."""
    count = 1 << width
    word = floor_modulo(as_int(term), count)
    if not signed:
        return word
    return ite(compare(">=", word, number(count // 2)), subtract(word, number(count)), word)


def divided(op: BinOp, left: Term, right: Term) -> Term:
    """The quotient truncated towards zero, or what it leaves.

    SMT-LIB's remainder is never negative; on a dividend that is not negative both agree, whatever
    the divisor's sign.
    """
    left, right = as_int(left), as_int(right)
    if right.known == 0:  # excluded by the requirement around it
        return number(0)
    if left.known is not None and right.known is not None:
        return number(apply(op, left.known, right.known))
    name = "div" if op is BinOp.DIV else "mod"
    up, down = (_euclid(name, side, right) for side in (left, negate(left)))
    return ite(compare(">=", left, number(0)), up, negate(down))


def _euclid(op: str, left: Term, right: Term) -> Term:
    if right.known is not None and right.known > 0:
        make = floor_divide if op == "div" else floor_modulo
        return make(left, right.known)
    return euclid(op, left, right)


def shifted(op: BinOp, left: Term, right: Term, amount: Extent) -> Term:
    """By a number of bits between the bounds of ``amount``, which are not negative."""
    left = as_int(left)
    if amount is None or amount[0] < 0 or amount[1] > _MOST_SHIFT:
        raise NotExpressible("a shift by an unknown number of bits")
    lo, hi = amount
    found = _shift(op, left, hi)
    for bits in range(hi - 1, lo - 1, -1):
        found = ite(eq(right, number(bits)), _shift(op, left, bits), found)
    return found


def _shift(op: BinOp, term: Term, bits: int) -> Term:
    if op is BinOp.SHL:
        return multiply(number(1 << bits), term)
    return floor_divide(term, 1 << bits)


def bitwise(op: BinOp, left: Term, right: Term, first: Extent, second: Extent) -> Term:
    """Bit by bit on the two's complement; ``first`` and ``second`` bound the operands."""
    left, right = as_int(left), as_int(right)
    if left.known is not None and right.known is not None:
        return number(apply(op, left.known, right.known))
    if first is None or second is None:
        raise NotExpressible(f"'{op.value}' of numbers without bounds")
    width = max(bound.bit_length() for bound in (*first, *second)) + 1
    total = number(0)
    for place in range(width):
        weight = -(1 << place) if place == width - 1 else 1 << place
        bit = _bit(op, _bit_of(left, place), _bit_of(right, place))
        total = add(total, multiply(number(weight), bit))
    return total


def _bit_of(term: Term, place: int) -> Term:
    return floor_modulo(floor_divide(term, 1 << place), 2)


def _bit(op: BinOp, one: Term, other: Term) -> Term:
    zero, unit = number(0), number(1)
    match op:
        case BinOp.BITAND:
            return ite(eq(one, unit), other, zero)
        case BinOp.BITOR:
            return ite(eq(one, unit), unit, other)
        case _:
            return ite(eq(one, other), zero, unit)
