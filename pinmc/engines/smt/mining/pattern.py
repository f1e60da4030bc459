"""Numbers that depend on constants: the law behind a few values, if there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import combinations
from math import prod

import numpy as np

from pinmc.base.records import dataclass
from pinmc.engines.smt.mining.nullspace import relations
from pinmc.ir.expr import Binary, BinOp, Const, Expr, Read
from pinmc.ir.system import System
from pinmc.ir.types import Int

_LARGEST = 2**40
"""Larger values are not looked at for a pattern: their products must fit 64 bits."""

_SHORT = 3
"""The value, one term and what is added."""

Names = tuple[str, ...]
"""Constants that are multiplied."""


@dataclass(frozen=True, slots=True)
class Law:
    """A number that depends on constants: ``plus``, and a whole factor for each constant or
    product of two."""

    factors: tuple[tuple[Names, int], ...]
    plus: int

    def value(self, constants: Mapping[str, int]) -> int:
        return self.plus + sum(factor * _value(names, constants) for names, factor in self.factors)

    def expr(self, system: System) -> Expr:
        """Over the variables of ``system`` that stand for the constants."""
        found = {var.name: var for var in system.variables}
        terms = [_times(factor, [Read(found[n]) for n in names]) for names, factor in self.factors]
        if self.plus or not terms:
            terms.append(Const(self.plus, Int()))
        return reduce(lambda total, term: Binary(BinOp.ADD, total, term), terms)

    @property
    def text(self) -> str:
        parts = [_product(names, factor) for names, factor in self.factors]
        if self.plus or not parts:
            parts.append(str(self.plus))
        return " + ".join(parts).replace("+ -", "- ")


def _value(names: Names, constants: Mapping[str, int]) -> int:
    return prod(constants[name] for name in names)


def _times(factor: int, parts: Sequence[Expr]) -> Expr:
    product = reduce(lambda one, other: Binary(BinOp.MUL, one, other), parts)
    return product if factor == 1 else Binary(BinOp.MUL, Const(factor, Int()), product)


def _product(names: Names, factor: int) -> str:
    product = " * ".join(names)
    return {1: product, -1: f"-{product}"}.get(factor, f"{factor} * {product}")


def law(points: Sequence[tuple[Mapping[str, int], int]]) -> Law | None:
    """The one that gives all of these values for these constants; without products of constants,
    if there is such a one."""
    names = list(points[0][0])
    if not names:
        values = {value for _, value in points}
        return Law((), points[0][1]) if len(values) == 1 else None
    alone: list[Names] = [(name,) for name in names]
    return _fitted(points, alone) or _fitted(points, [*combinations(names, 2), *alone])


def _fitted(points: Sequence[tuple[Mapping[str, int], int]], terms: Sequence[Names]) -> Law | None:
    rows = [[*(_value(term, given) for term in terms), 1, value] for given, value in points]
    if any(abs(number) > _LARGEST for row in rows for number in row):
        return None
    # As many terms as there are points fit anything: with products, only a short law is one.
    most = len(terms) + 2 if len(terms) + 1 < len(rows) or len(terms) == 1 else _SHORT
    for vector in relations(np.array(rows, dtype=np.int64), most):
        coefficients = dict(vector)
        divisor = -coefficients.get(len(terms) + 1, 0)
        if divisor == 0 or any(c % divisor for c in coefficients.values()):
            continue
        factors = ((term, coefficients.get(n, 0) // divisor) for n, term in enumerate(terms))
        plus = coefficients.get(len(terms), 0) // divisor
        return Law(tuple((term, factor) for term, factor in factors if factor), plus)
    return None
