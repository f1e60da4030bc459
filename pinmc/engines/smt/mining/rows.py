"""Expressions of a context over all states and all values of its Bounds: one row for each pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinmc.engines.smt.mining.contexts import Context, assignments
from pinmc.engines.smt.mining.table import Column, Incomparable, Table
from pinmc.ir.expr import Expr

CHUNK = 1 << 16
"""So many rows are looked at together: they fit a cache, and counts of them a float exactly."""

Truths = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one context over several instances."""

    tables: Sequence[Table]
    context: Context

    def blocks(self) -> Iterator[tuple[Table, Mapping[str, int]]]:
        """Each table with each assignment of the context: a block has a row for each state."""
        for table in self.tables:
            domains = [table.domain(bound.type) for bound in self.context]
            for env in assignments(self.context, domains):
                yield table, env

    @property
    def count(self) -> int:
        return sum(table.rows for table, _ in self.blocks())

    def truths(self, exprs: Sequence[Expr]) -> Iterator[Truths]:
        """A matrix of 0 and 1 for each chunk: a row a pair, a column an expression."""
        for table, env in self.blocks():
            columns = [table.column(expr, env) for expr in exprs]
            for begin in range(0, table.rows, CHUNK):
                end = min(begin + CHUNK, table.rows)
                found = np.empty((len(exprs), end - begin), dtype=np.float32)
                for position, column in enumerate(columns):
                    found[position] = column[begin:end]
                yield found

    def numbers(self, expr: Expr) -> Column:
        """The value in every row."""
        found = [table.column(expr, env) for table, env in self.blocks()]
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)

    def judged(self, exprs: Sequence[Expr]) -> list[int]:
        """The positions of the expressions that every instance can judge."""
        return [position for position, expr in enumerate(exprs) if self._can(expr)]

    def _can(self, expr: Expr) -> bool:
        try:
            for table, env in self.blocks():
                table.column(expr, env)
        except Incomparable:
            return False
        return True
