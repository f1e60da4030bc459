"""Bounds of weighted sums: what one number may still add to another.

A limit that is tested before something is added, in a step of its own, shows only in such a sum:
of the number, and of what those who have passed the test are about to add to it. The weights are
those of the equations that were found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pinmc.engines.smt.mining.clauses import Clause
from pinmc.engines.smt.mining.contexts import Context
from pinmc.engines.smt.mining.lemma import Origin
from pinmc.engines.smt.mining.rows import Rows
from pinmc.engines.smt.mining.table import Column, Table
from pinmc.ir.expr import Binary, BinOp, Const, Expr, Read, Var
from pinmc.ir.system import System
from pinmc.ir.types import Int, Word
from pinmc.ir.walk import subexpressions

_MOST_NUMBERS = 8
_MOST_WEIGHTS = 4
_MOST = 60
_LARGEST = 2**40
"""Sums of larger numbers might not fit 64 bits."""


@dataclass(frozen=True, slots=True)
class _Term:
    expr: Expr
    column: Column

    @property
    def least(self) -> int:
        return int(self.column.min())

    @property
    def most(self) -> int:
        return int(self.column.max())

    @property
    def usable(self) -> bool:
        return self.least > -_LARGEST and self.most < _LARGEST


def sums(
    system: System,
    tables: Sequence[Table],
    context: Context,
    free: Sequence[Var],
    equations: Sequence[Clause],
) -> Iterator[Clause]:
    """``x + w * y <= c`` for numbers x and y and a weight w, and ``x + w * (y - f) <= c`` for a
    free constant f, where that says more than the bounds of x and y."""
    if context:
        return
    rows = Rows(tables, context)
    numbers = [n for n in _numbers(system, rows, free) if n.least < n.most]
    rooms = [_room(y, f) for y in numbers for f in _terms(rows, free)]
    shares = [
        share
        for weight in _weights(equations, rows, free)
        for y in [*numbers, *rooms]
        if (share := _share(weight, y)).usable
    ]
    found = 0
    for x in numbers:
        for share in shares:
            most = int((x.column + share.column).max())
            if share.least < share.most and most < x.most + share.most and found < _MOST:
                found += 1
                total = Binary(BinOp.ADD, x.expr, share.expr)
                body = Binary(BinOp.LE, total, Const(most, Int()))
                yield Clause(context, body, Origin.SUM)


def _numbers(system: System, rows: Rows, free: Sequence[Var]) -> list[_Term]:
    counts = (v for v in system.variables if isinstance(v.type, Int | Word) and not v.dims)
    return _terms(rows, [var for var in counts if var not in free])[:_MOST_NUMBERS]


def _terms(rows: Rows, variables: Sequence[Var]) -> list[_Term]:
    cells = [Read(var) for var in variables]
    found = [_Term(cells[n], rows.numbers(cells[n])) for n in rows.judged(cells)]
    return [term for term in found if len(term.column) and term.usable]


def _weights(equations: Sequence[Clause], rows: Rows, free: Sequence[Var]) -> list[_Term]:
    """What the equations multiply by, free constants first."""
    factors = dict.fromkeys(
        factor
        for equation in equations
        for node in subexpressions(equation.body)
        if isinstance(node, Binary) and node.op is BinOp.MUL
        for factor in (node.left, node.right)
    )
    fixed = [one for one in factors if isinstance(one, Const) and 1 < one.value < _LARGEST]
    known = [_Term(one, np.array([one.value], dtype=np.int64)) for one in fixed]
    return [*_terms(rows, [v for v in free if Read(v) in factors]), *known][:_MOST_WEIGHTS]


def _room(number: _Term, constant: _Term) -> _Term:
    body = Binary(BinOp.SUB, number.expr, constant.expr)
    return _Term(body, number.column - constant.column)


def _share(weight: _Term, number: _Term) -> _Term:
    largest = max(abs(weight.least), weight.most) * max(abs(number.least), abs(number.most))
    if largest >= _LARGEST:
        return _Term(number.expr, np.array([_LARGEST]))
    return _Term(Binary(BinOp.MUL, weight.expr, number.expr), weight.column * number.column)
