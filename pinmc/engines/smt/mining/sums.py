"""Bounds of weighted sums: what one number may still add to another.

A limit that is tested before something is added, in a step of its own, shows only in such a sum:
of the number, and of what those who have passed the test are about to add to it. The weights are
those of the equations that were found. With free constants the bound is a law of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from pinmc.base.records import dataclass
from pinmc.engines.smt.mining.clauses import Clause
from pinmc.engines.smt.mining.contexts import Context
from pinmc.engines.smt.mining.lemma import Origin
from pinmc.engines.smt.mining.pattern import Law, law
from pinmc.engines.smt.mining.rows import Rows
from pinmc.engines.smt.mining.table import Column, Table
from pinmc.engines.smt.mining.terms import ONE
from pinmc.ir.expr import Binary, BinOp, Const, Expr, Read, Var
from pinmc.ir.system import System
from pinmc.ir.types import Int, Word
from pinmc.ir.walk import subexpressions

_MOST_NUMBERS = 8
_MOST_WEIGHTS = 4
_MOST = 60
_MOST_FREE = 1
"""With products of several free constants the solver gets lost, and with it all other lemmas."""
_LARGEST = 2**40
"""Sums of larger numbers might not fit 64 bits."""


@dataclass(frozen=True, slots=True)
class _Number:
    """``columns``: its values in the states of each table."""

    expr: Expr
    columns: tuple[Column, ...]

    @property
    def most(self) -> list[int]:
        """The greatest value in each table."""
        return [int(column.max()) for column in self.columns]

    @property
    def usable(self) -> bool:
        """Whether it varies and is not too large."""
        largest = max(int(np.abs(column).max()) for column in self.columns)
        return largest < _LARGEST and any(len(np.unique(c)) > 1 for c in self.columns)

    def follows(self, other: _Number) -> bool:
        """Whether the two are always equally far apart."""
        pairs = zip(self.columns, other.columns, strict=True)
        return len({int(d) for one, two in pairs for d in np.unique(one - two)[:2]}) == 1


def sums(
    system: System,
    tables: Sequence[Table],
    context: Context,
    free: Sequence[Var],
    equations: Sequence[Clause],
) -> Iterator[Clause]:
    """``x + w * y <= c`` for numbers x and y and a weight w, where that says more than the bounds
    of x and y."""
    rows = Rows(tables, context)
    if context or len(free) > _MOST_FREE or not all(table.rows for table in tables):
        return
    numbers = _numbers(system, rows, free)
    shares = [_share(*pair) for pair in product(_weights(equations, rows, free), numbers)]
    found = 0
    for x, share in product(numbers, [s for s in shares if s.usable]):
        bound = _bound(x, share, tables)
        if bound is not None and found < _MOST:
            found += 1
            total = Binary(BinOp.ADD, x.expr, share.expr)
            body = Binary(BinOp.LE, total, bound.expr(system))
            yield Clause(context, body, Origin.SUM)


def _bound(x: _Number, share: _Number, tables: Sequence[Table]) -> Law | None:
    pairs = zip(x.columns, share.columns, strict=True)
    most = [int((one + other).max()) for one, other in pairs]
    apart = [a + b for a, b in zip(x.most, share.most, strict=True)]
    if not all(m < a for m, a in zip(most, apart, strict=True)):
        return None
    return law([(table.constants, m) for table, m in zip(tables, most, strict=True)])


def _numbers(system: System, rows: Rows, free: Sequence[Var]) -> list[_Number]:
    """Those that are not another one and a constant."""
    counts = (v for v in system.variables if isinstance(v.type, Int | Word) and not v.dims)
    found: list[_Number] = []
    for number in _known(rows, [var for var in counts if var not in free]):
        if number.usable and not any(number.follows(other) for other in found):
            found.append(number)
    return found[:_MOST_NUMBERS]


def _known(rows: Rows, variables: Sequence[Var]) -> list[_Number]:
    cells = [Read(var) for var in variables]
    return [_Number(cells[n], _columns(rows, cells[n])) for n in rows.judged(cells)]


def _columns(rows: Rows, expr: Expr) -> tuple[Column, ...]:
    return tuple(table.column(expr, env) for table, env in rows.blocks())


def _weights(equations: Sequence[Clause], rows: Rows, free: Sequence[Var]) -> list[_Number]:
    """What the equations multiply by, free constants first."""
    factors = dict.fromkeys(
        factor
        for equation in equations
        for node in subexpressions(equation.body)
        if isinstance(node, Binary) and node.op is BinOp.MUL
        for factor in (node.left, node.right)
    )
    fixed = [one for one in factors if isinstance(one, Const) and 1 < one.value < _LARGEST]
    known = [_Number(one, _columns(rows, one)) for one in fixed]
    found = [*_known(rows, [v for v in free if Read(v) in factors]), *known][:_MOST_WEIGHTS]
    return found or [_Number(ONE, _columns(rows, ONE))]


def _share(weight: _Number, number: _Number) -> _Number:
    pairs = list(zip(weight.columns, number.columns, strict=True))
    if any(int(np.abs(w).max()) * int(np.abs(n).max()) >= _LARGEST for w, n in pairs):
        return _Number(number.expr, (np.array([_LARGEST]),))
    expr = number.expr if weight.expr == ONE else Binary(BinOp.MUL, weight.expr, number.expr)
    return _Number(expr, tuple(w * n for w, n in pairs))
