"""Expressions of a context over all states and all values of its Bounds: one row for each pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.smt.mining.contexts import Context, assignments
from pinmc.engines.smt.mining.table import Column, Incomparable, Table
from pinmc.ir.expr import Expr

Bits = NDArray[np.uint64]


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

    def bits(self, exprs: Sequence[Expr]) -> Bits:
        """A row of bits for each expression: where it is true. Bits beyond the rows are 0."""
        found = [
            np.stack([_packed(table.column(expr, env)) for expr in exprs])
            for table, env in self.blocks()
        ]
        return np.concatenate(found, axis=1) if found else np.empty((len(exprs), 0), np.uint64)

    def everywhere(self) -> Bits:
        """The bits that stand for rows."""
        found = [_packed(np.ones(table.rows, dtype=np.int64)) for table, _ in self.blocks()]
        return np.concatenate(found) if found else np.empty(0, np.uint64)

    def numbers(self, expr: Expr) -> Column:
        """The value in every row."""
        found = [table.column(expr, env) for table, env in self.blocks()]
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)

    def varies(self, expr: Expr) -> bool:
        """Whether every instance knows its value, and it is not always the same."""
        if not self._can(expr):
            return False
        values = self.numbers(expr)
        return len(values) > 0 and int(values.min()) < int(values.max())

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


def _packed(column: Column) -> Bits:
    """64 rows a word."""
    padded = np.zeros(-(-len(column) // 64) * 64, dtype=np.bool_)
    padded[: len(column)] = column != 0
    return np.packbits(padded).view(np.uint64)
