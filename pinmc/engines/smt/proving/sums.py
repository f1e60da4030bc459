"""Linear sums of terms, and comparisons of them as somebody would write them down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pinmc.base.records import dataclass
from pinmc.ir.expr import FALSE, TRUE, Binary, BinOp, Const, Expr, Read
from pinmc.ir.types import Int, Range, Scalar, Word, values

_MIRRORED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "==", "!=": "!="}
_MOST_NAMED = 64
"""A type of more values is not written out."""


@dataclass(frozen=True, slots=True)
class Sum:
    """``terms`` with their factors, none of them 0, and a constant."""

    terms: Mapping[Expr, int]
    constant: int


def total(sums: Iterable[Sum]) -> Sum:
    terms: dict[Expr, int] = {}
    constant = 0
    for each in sums:
        constant += each.constant
        for term, factor in each.terms.items():
            terms[term] = terms.get(term, 0) + factor
    return Sum({term: factor for term, factor in terms.items() if factor}, constant)


def scaled(one: Sum, factor: int) -> Sum:
    if factor == 0:
        return Sum({}, 0)
    return Sum({term: factor * n for term, n in one.terms.items()}, factor * one.constant)


def written(one: Sum) -> Expr:
    """The sum as an expression."""
    parts = [_times(term, factor) for term, factor in one.terms.items()]
    if one.constant or not parts:
        parts.append(Const(one.constant, Int()))
    found = parts[0]
    for part in parts[1:]:
        found = Binary(BinOp.ADD, found, part)
    return found


def _times(term: Expr, factor: int) -> Expr:
    return term if factor == 1 else Binary(BinOp.MUL, Const(factor, Int()), term)


def compared(op: str, left: Sum, right: Sum) -> Expr:
    """``left op right``, what is subtracted on one side added on the other."""
    gap = total([left, scaled(right, -1)])
    if not any(factor > 0 for factor in gap.terms.values()):
        gap, op = scaled(gap, -1), _MIRRORED[op]
    plus = {term: factor for term, factor in gap.terms.items() if factor > 0}
    minus = {term: -factor for term, factor in gap.terms.items() if factor < 0}
    match list(plus.items()):
        case []:
            return TRUE if _true(op, gap.constant) else FALSE
        case [(Read() as read, 1)] if not minus and _named(read.var.type):
            return _among(read, op, -gap.constant)
    constant = gap.constant
    first = Sum(plus, constant if minus and constant > 0 else 0)
    second = Sum(minus, -constant if not minus or constant < 0 else 0)
    return Binary(BinOp(op), written(first), written(second))


def _true(op: str, value: int) -> bool:
    """Whether ``value op 0``."""
    return {
        "<=": value <= 0,
        "<": value < 0,
        ">=": value >= 0,
        ">": value > 0,
        "==": value == 0,
        "!=": value != 0,
    }[op]


def _named(type_: Scalar) -> bool:
    """Whether the values are no numbers."""
    return not isinstance(type_, Int | Range | Word) and len(values(type_)) <= _MOST_NAMED


def _among(read: Read, op: str, bound: int) -> Expr:
    """One of the values that compare so with ``bound``, or none of the others."""
    type_ = read.var.type
    fitting = [v for v in values(type_) if _true(op, v - bound)]
    others = [v for v in values(type_) if v not in fitting]
    if not fitting or not others:
        return TRUE if fitting else FALSE
    if len(fitting) <= len(others):
        return _chain(BinOp.OR, [Binary(BinOp.EQ, read, Const(v, type_)) for v in fitting])
    return _chain(BinOp.AND, [Binary(BinOp.NE, read, Const(v, type_)) for v in others])


def _chain(op: BinOp, parts: list[Expr]) -> Expr:
    found = parts[0]
    for part in parts[1:]:
        found = Binary(op, found, part)
    return found
