"""Bounds: of a number, of a number while a condition holds, and of how far two are apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.smt.mining.atoms import atoms
from pinmc.engines.smt.mining.cells import readings
from pinmc.engines.smt.mining.clauses import Clause
from pinmc.engines.smt.mining.contexts import Context
from pinmc.engines.smt.mining.lemma import Origin
from pinmc.engines.smt.mining.rows import Rows
from pinmc.engines.smt.mining.table import Column, Table
from pinmc.ir.expr import Binary, BinOp, Const, Expr, Read, Var
from pinmc.ir.system import System
from pinmc.ir.types import Int, Range, Word, bounds, size
from pinmc.ir.walk import free_bounds

_MOST_NUMBERS = 12
_MOST_CONDITIONS = 400
_LARGEST = 2**40


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that counts, or a free constant, and its value in every row."""

    expr: Read
    column: Column
    free: bool

    @property
    def least(self) -> int:
        return int(self.column.min())

    @property
    def most(self) -> int:
        return int(self.column.max())


def ranges(
    system: System, tables: Sequence[Table], context: Context, free: Sequence[Var]
) -> Iterator[Clause]:
    """The bounds of this context that are not those of a smaller one."""
    rows = Rows(tables, context)
    numbers = _numbers(system, rows, context, free)
    if not numbers:
        return
    names = frozenset(bound.name for bound in context)
    for clause in [
        *_own(context, numbers),
        *_apart(context, numbers),
        *_conditional(system, rows, context, numbers, free),
    ]:
        if free_bounds(clause.body) == names:
            yield clause


def _numbers(system: System, rows: Rows, context: Context, free: Sequence[Var]) -> list[Number]:
    cells = [
        cell
        for var in system.variables
        if isinstance(var.type, Int | Word) or (isinstance(var.type, Range) and size(var.type) > 2)
        for cell in readings(system, var, context)
    ]
    found = []
    for n in rows.judged(cells):
        column = rows.numbers(cells[n])
        if len(column) and max(-int(column.min()), int(column.max())) < _LARGEST:
            found.append(Number(cells[n], column, cells[n].var in free))
    return found[:_MOST_NUMBERS]


def _own(context: Context, numbers: Sequence[Number]) -> Iterator[Clause]:
    for number in numbers:
        if number.free:
            continue
        lo, hi = bounds(number.expr.var.type)
        if number.least > lo:
            yield _bound(context, number.expr, BinOp.GE, number.least)
        if number.most < hi:
            yield _bound(context, number.expr, BinOp.LE, number.most)


def _bound(context: Context, cell: Expr, op: BinOp, value: int) -> Clause:
    return Clause(context, _compare(cell, op, value), Origin.BOUND)


def _apart(context: Context, numbers: Sequence[Number]) -> Iterator[Clause]:
    """``x <= y + c``, where that says more than the two numbers' own bounds."""
    for one in numbers:
        for other in numbers:
            if one is other or one.least == one.most or other.least == other.most:
                continue
            most = int((one.column - other.column).max())
            if (one.free or other.free) and abs(most) > _NEAR:
                continue
            if most < one.most - other.least:
                body = Binary(BinOp.LE, one.expr, _plus(other.expr, most))
                yield Clause(context, body, Origin.DIFFERENCE)


def _plus(expr: Expr, constant: int) -> Expr:
    if constant == 0:
        return expr
    op = BinOp.ADD if constant > 0 else BinOp.SUB
    return Binary(op, expr, Const(abs(constant), Int()))


def _conditional(
    system: System,
    rows: Rows,
    context: Context,
    numbers: Sequence[Number],
    free: Sequence[Var],
) -> Iterator[Clause]:
    """Bounds that are tighter while an atom is true; also against free constants."""
    every = [atom for atom in atoms(system, context) if atom.cell.var not in free][
        :_MOST_CONDITIONS
    ]
    known: dict[Expr, list[Expr]] = {}
    for n in rows.judged([atom.expr for atom in every]):
        atom = every[n]
        true = rows.numbers(atom.expr) != 0
        if not true.any() or true.all():
            continue
        own = known.setdefault(atom.expr, [])
        for number in numbers:
            if number.expr != atom.cell and not number.free:
                own += _while(true, number, numbers)
        shorter = [body for part in atom.parts for body in known.get(part, ())]
        for body in own:
            if body in shorter:
                continue
            yield Clause(context, Binary(BinOp.IMPLIES, atom.expr, body), Origin.CONDITIONAL)


def _while(true: NDArray[np.bool_], number: Number, numbers: Sequence[Number]) -> Iterator[Expr]:
    """The bounds of ``number`` in the rows that are ``true``, where tighter than elsewhere."""
    seen = number.column[true]
    least, most = int(seen.min()), int(seen.max())
    if least == most == 0:
        pass  # an implication says so
    elif least == most and number.least < least < number.most:
        yield _compare(number.expr, BinOp.EQ, least)
    else:
        if least > number.least:
            yield _compare(number.expr, BinOp.GE, least)
        if most < number.most:
            yield _compare(number.expr, BinOp.LE, most)
    for constant in numbers:
        if constant.free and constant.least < constant.most:
            yield from _against(true, number, constant)


def _compare(cell: Expr, op: BinOp, value: int) -> Expr:
    return Binary(op, cell, Const(value, Int()))


_NEAR = 1
"""Farther from a constant that is free, a bound says more about the instances than about it."""


def _against(true: NDArray[np.bool_], number: Number, constant: Number) -> Iterator[Expr]:
    """``number >= constant + c``, where the difference is tighter than elsewhere."""
    always = number.column - constant.column
    least, most = int(always[true].min()), int(always[true].max())
    if least > always.min() and abs(least) <= _NEAR:
        yield Binary(BinOp.GE, number.expr, _plus(constant.expr, least))
    if most < always.max() and abs(most) <= _NEAR:
        yield Binary(BinOp.LE, number.expr, _plus(constant.expr, most))
