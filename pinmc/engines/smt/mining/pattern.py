"""Numbers that depend on constants: the affine law behind a few values, if there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from pinmc.engines.smt.mining.nullspace import relations
from pinmc.ir.expr import Binary, BinOp, Const, Expr, Read
from pinmc.ir.system import System
from pinmc.ir.types import Int

_LARGEST = 2**40
"""Larger values are not looked at for a pattern: their products must fit 64 bits."""


@dataclass(frozen=True, slots=True)
class Law:
    """A number that depends on constants: ``plus`` and so much for each."""

    factors: tuple[tuple[str, int], ...]
    plus: int

    def value(self, constants: Mapping[str, int]) -> int:
        return self.plus + sum(factor * constants[name] for name, factor in self.factors)

    def expr(self, system: System) -> Expr:
        """Over the variables of ``system`` that stand for the constants."""
        found = {var.name: var for var in system.variables}
        terms = [_times(factor, Read(found[name])) for name, factor in self.factors if factor]
        if self.plus or not terms:
            terms.append(Const(self.plus, Int()))
        return reduce(lambda total, term: Binary(BinOp.ADD, total, term), terms)

    @property
    def text(self) -> str:
        parts = [_product(name, factor) for name, factor in self.factors if factor]
        if self.plus or not parts:
            parts.append(str(self.plus))
        return " + ".join(parts).replace("+ -", "- ")


def _times(factor: int, expr: Expr) -> Expr:
    return expr if factor == 1 else Binary(BinOp.MUL, Const(factor, Int()), expr)


def _product(name: str, factor: int) -> str:
    return {1: name, -1: f"-{name}"}.get(factor, f"{factor} * {name}")


def law(points: Sequence[tuple[Mapping[str, int], int]]) -> Law | None:
    """The one that gives all of these values for these constants, with whole factors."""
    names = list(points[0][0])
    if not names:
        values = {value for _, value in points}
        return Law((), points[0][1]) if len(values) == 1 else None
    rows = [[*(constants[name] for name in names), 1, value] for constants, value in points]
    if any(abs(number) > _LARGEST for row in rows for number in row):
        return None
    for vector in relations(np.array(rows, dtype=np.int64), len(names) + 2):
        coefficients = dict(vector)
        divisor = -coefficients.get(len(names) + 1, 0)
        if divisor == 0 or any(c % divisor for c in coefficients.values()):
            continue
        factors = ((name, coefficients.get(n, 0) // divisor) for n, name in enumerate(names))
        return Law(tuple(factors), coefficients.get(len(names), 0) // divisor)
    return None
