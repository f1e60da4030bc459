"""Bounds: of a number, of a number while a condition holds, and of how far two are apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinmc.engines.smt.mining.atoms import Atom, atoms
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
        *_conditional(system, rows, context, numbers),
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
        lo, hi = bounds(number.expr.var.type)
        if number.least > lo:
            yield _bound(context, number.expr, BinOp.GE, number.least)
        if number.most < hi:
            yield _bound(context, number.expr, BinOp.LE, number.most)


def _bound(context: Context, cell: Expr, op: BinOp, value: int) -> Clause:
    return Clause(context, Binary(op, cell, Const(value, Int())), Origin.BOUND)


def _apart(context: Context, numbers: Sequence[Number]) -> Iterator[Clause]:
    """``x <= y + c``, where that says more than the two numbers' own bounds."""
    for one in numbers:
        for other in numbers:
            if one is other or one.least == one.most or other.least == other.most:
                continue
            most = int((one.column - other.column).max())
            if most < one.most - other.least:
                body = Binary(BinOp.LE, one.expr, _plus(other.expr, most))
                yield Clause(context, body, Origin.DIFFERENCE)


def _plus(expr: Expr, constant: int) -> Expr:
    if constant == 0:
        return expr
    op = BinOp.ADD if constant > 0 else BinOp.SUB
    return Binary(op, expr, Const(abs(constant), Int()))


def _conditional(
    system: System, rows: Rows, context: Context, numbers: Sequence[Number]
) -> Iterator[Clause]:
    """Bounds that are tighter while an atom is true; also against free constants."""
    every = atoms(system, context)[:_MOST_CONDITIONS]
    for n in rows.judged([atom.expr for atom in every]):
        atom = every[n]
        true = rows.numbers(atom.expr) != 0
        if true.any() and not true.all():
            for number in numbers:
                if number.expr != atom.cell and not number.free:
                    yield from _while(context, atom, true, number, numbers)


def _while(
    context: Context,
    atom: Atom,
    true: NDArray[np.bool_],
    number: Number,
    numbers: Sequence[Number],
) -> Iterator[Clause]:
    seen = number.column[true]
    least, most = int(seen.min()), int(seen.max())
    if least == most and number.least < least < number.most:
        yield _given(context, atom, Binary(BinOp.EQ, number.expr, Const(least, Int())))
    else:
        if least > number.least:
            yield _given(context, atom, Binary(BinOp.GE, number.expr, Const(least, Int())))
        if most < number.most:
            yield _given(context, atom, Binary(BinOp.LE, number.expr, Const(most, Int())))
    for constant in numbers:
        if constant.free and constant.least < constant.most:
            yield from _against(context, atom, true, number, constant)


def _against(
    context: Context, atom: Atom, true: NDArray[np.bool_], number: Number, constant: Number
) -> Iterator[Clause]:
    """``atom implies number >= constant + c``: where the difference is tighter than always."""
    always = number.column - constant.column
    seen = always[true]
    if seen.min() > always.min():
        right = _plus(constant.expr, int(seen.min()))
        yield _given(context, atom, Binary(BinOp.GE, number.expr, right))
    if seen.max() < always.max():
        right = _plus(constant.expr, int(seen.max()))
        yield _given(context, atom, Binary(BinOp.LE, number.expr, right))


def _given(context: Context, atom: Atom, body: Expr) -> Clause:
    return Clause(context, Binary(BinOp.IMPLIES, atom.expr, body), Origin.CONDITIONAL)
