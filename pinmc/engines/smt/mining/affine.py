"""Equations that all reachable states satisfy: the affine hull of what may be counted.

Karr computed the hull from the program ("Affine relationships among variables of a program",
1976); here it is that of the states seen: a few dozen decide it, and all others are asked to agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from pinmc.engines.smt.mining.clauses import Clause
from pinmc.engines.smt.mining.contexts import Context
from pinmc.engines.smt.mining.lemma import Origin
from pinmc.engines.smt.mining.nullspace import Numbers, Vector, relations, shortened
from pinmc.engines.smt.mining.rows import Rows
from pinmc.engines.smt.mining.table import Column, Table
from pinmc.engines.smt.mining.terms import ONE, ZERO, Term, terms
from pinmc.ir.expr import Binary, BinOp, Const, Expr, Read, Var
from pinmc.ir.system import System
from pinmc.ir.types import Int

_FIRST_SAMPLE = 600
_MOST_TERMS = 160
_MOST_IN_ONE = 14
_LARGEST = 2**40
"""Terms with larger values are left alone: sums of products must fit 64 bits."""


def equations(
    system: System, tables: Sequence[Table], context: Context, free: Sequence[Var]
) -> Iterator[Clause]:
    """The equations of this context. ``free``: constants that the proof does not fix; a term may
    come multiplied by one of them, if the tables show at least two values of it."""
    if len(context) > 1:
        return
    rows = Rows(tables, context)
    hull = _Hull(rows, _scaled(system, context, free, rows))
    names = frozenset(bound.name for bound in context)
    for vector in hull.basis():
        chosen = [(hull.terms[column], coefficient) for column, coefficient in vector]
        if _said_otherwise(chosen):
            continue
        if names <= frozenset().union(*(term.bounds for (term, _), _ in chosen)):
            yield Clause(context, _equation(chosen), Origin.AFFINE)


def _said_otherwise(chosen: Sequence[tuple[_Scaled, int]]) -> bool:
    """Whether it is an equation times a constant, or an equivalence of two conditions."""
    factors = {factor for (_, factor), _ in chosen}
    if len(factors) == 1 and ONE not in factors:
        return True
    return len(chosen) == 2 and all(term.is_flag for (term, _), _ in chosen)


_Scaled = tuple[Term, Expr]
"""A term and what it is multiplied by: 1 or a free constant."""


def _scaled(system: System, context: Context, free: Sequence[Var], rows: Rows) -> list[_Scaled]:
    own = [term for term in terms(system, context) if _cell_var(term) not in free]
    factors: list[Expr] = [ONE, *(Read(var) for var in free if rows.varies(Read(var)))]
    return [(term, factor) for term in own for factor in factors]


def _cell_var(term: Term) -> Var | None:
    return term.cell.var if isinstance(term.cell, Read) else None


class _Hull:
    """The terms that vary, and the rows looked at so far."""

    def __init__(self, rows: Rows, every: Sequence[_Scaled]) -> None:
        self._rows = rows
        self._columns: dict[int, Column] = {}
        exprs = [term.times(factor) for term, factor in every]
        judged = [every[n] for n in rows.judged(exprs)]
        self.terms: list[_Scaled] = []
        for scaled in _limited(judged):
            values = rows.numbers(scaled[0].times(scaled[1]))
            if len(values) and _usable(scaled, values):
                self._columns[len(self.terms)] = values
                self.terms.append(scaled)

    def basis(self) -> list[Vector]:
        """Relations that hold in all rows, short ones first."""
        if not self._columns:
            return []
        count = len(self._columns[0])
        sample = set(range(0, count, max(1, count // _FIRST_SAMPLE)))
        while True:
            found = relations(self._at(sorted(sample)), _MOST_IN_ONE)
            wrong = {at for vector in found if (at := self._violated(vector)) is not None}
            if not wrong:
                numbers = sum(term.is_count for term, _ in self.terms)
                return shortened(found, numbers)
            sample |= wrong

    def _at(self, positions: Sequence[int]) -> Numbers:
        columns = [self._columns[n][list(positions)] for n in range(len(self.terms))]
        return np.stack(columns, axis=1)

    def _violated(self, vector: Vector) -> int | None:
        """The first row in which the relation does not hold."""
        total = np.zeros(len(self._columns[0]), dtype=np.int64)
        for column, coefficient in vector:
            total += self._columns[column] * coefficient
        wrong = np.flatnonzero(total)
        return int(wrong[0]) if len(wrong) else None


def _limited(every: Sequence[_Scaled]) -> list[_Scaled]:
    """When there are too many, indicators of places are left out before numbers are."""
    chosen = sorted(range(len(every)), key=lambda n: (every[n][0].rank > 0, -every[n][0].rank))
    return [every[n] for n in sorted(chosen[:_MOST_TERMS])]


def _usable(scaled: _Scaled, values: Column) -> bool:
    """Terms that never change add nothing to 1; so do those that are too large."""
    term, factor = scaled
    lo, hi = int(values.min()), int(values.max())
    return lo > -_LARGEST and hi < _LARGEST and (lo < hi or (term.plain and factor == ONE))


# --- writing an equation down ------------------------------------------------------------------


def _equation(chosen: Sequence[tuple[_Scaled, int]]) -> Expr:
    """The last term on the left, as are the others of its sign if there is no other way to be
    without subtraction."""
    *rest, ((last, factor), coefficient) = chosen
    grouped = _grouped([(scaled, -c) for scaled, c in rest])
    left = _amount(last, factor, coefficient)
    return Binary(BinOp.EQ, left, _added(grouped))


def _grouped(parts: Sequence[tuple[_Scaled, int]]) -> list[tuple[_Scaled, int]]:
    """Conditions of equal weight over the same cells become one; numbers first."""
    merged: dict[tuple[object, ...], tuple[_Scaled, int]] = {}
    for (term, factor), coefficient in parts:
        key: tuple[object, ...] = (term.over, term.cell, factor, coefficient, _about(term))
        if term.cell is None and not term.plain and key in merged:
            (before, _), _ = merged[key]
            either = Binary(BinOp.OR, before.condition, term.condition)
            merged[key] = ((Term(term.rank, either, None, term.over), factor), coefficient)
        else:
            merged[key] = ((term, factor), coefficient)
    return sorted(merged.values(), key=_reading_order)


def _about(term: Term) -> object:
    """Conditions that exclude each other: places of one actor, values of one cell."""
    condition = term.condition
    if isinstance(condition, Binary) and condition.op is BinOp.AND:
        here, points = condition.left, condition.right
        return (here.left, points) if isinstance(here, Binary) else condition
    return condition.left if isinstance(condition, Binary) else condition


def _reading_order(part: tuple[_Scaled, int]) -> tuple[bool, bool, int]:
    (term, factor), coefficient = part
    return coefficient < 0, term.plain and factor == ONE, -term.rank


def _amount(term: Term, factor: Expr, coefficient: int) -> Expr:
    """``coefficient`` times ``factor`` times the term."""
    if coefficient == 1:
        return term.times(factor)
    number = Const(coefficient, Int())
    if factor == ONE:
        return number if term.plain else term.times(number)
    return term.times(Binary(BinOp.MUL, number, factor))


def _added(parts: Sequence[tuple[_Scaled, int]]) -> Expr:
    total: Expr | None = None
    for (term, factor), coefficient in parts:
        if total is None:
            total = _amount(term, factor, coefficient)
        elif coefficient > 0:
            total = Binary(BinOp.ADD, total, _amount(term, factor, coefficient))
        else:
            total = Binary(BinOp.SUB, total, _amount(term, factor, -coefficient))
    return ZERO if total is None else total
