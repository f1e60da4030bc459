"""Clauses of one or two atoms that no reachable state contradicts.

How often each two atoms are true together decides all of them: counting bits finds implications,
exclusions and alternatives at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.smt.mining.atoms import Atom, atoms, exclusive
from pinmc.engines.smt.mining.contexts import Context, closed, swaps
from pinmc.engines.smt.mining.lemma import Origin
from pinmc.engines.smt.mining.rows import Rows
from pinmc.engines.smt.mining.table import Table
from pinmc.ir.expr import Binary, BinOp, Expr, Read, Unary, UnOp, Var
from pinmc.ir.system import System
from pinmc.ir.walk import substitute

MOST_ATOMS = 600
"""A context with more atoms is mined without its guarded ones, and not at all with more simple
ones than this."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clause:
    """A candidate before it has a text: ``body`` under ``context``."""

    context: Context
    body: Expr
    origin: Origin

    @property
    def expr(self) -> Expr:
        return closed(self.context, self.body)


def clauses(
    system: System, tables: Sequence[Table], context: Context, free: Sequence[Var] = ()
) -> Iterator[Clause]:
    """The clauses of this context that are not those of a smaller one; none is about a constant
    that is ``free``, of which there are not enough values to judge."""
    rows = Rows(tables, context)
    chosen = [atom for atom in _chosen(system, rows, context) if atom.cell.var not in free]
    if not chosen or not rows.count:
        return
    together = _together(rows, chosen)
    yield from _Pairs(context, chosen, together, rows.count).all()


def _chosen(system: System, rows: Rows, context: Context) -> list[Atom]:
    every = atoms(system, context)
    if len(every) > MOST_ATOMS:
        every = [atom for atom in every if not atom.guarded]
    if len(every) > MOST_ATOMS:
        return []
    return [every[n] for n in rows.judged([atom.expr for atom in every])]


def _together(rows: Rows, chosen: Sequence[Atom]) -> Counts:
    """In how many rows each two atoms are both true."""
    bits = rows.bits([atom.expr for atom in chosen])
    total = np.empty((len(chosen), len(chosen)), dtype=np.int64)
    for n in range(len(chosen)):
        both = np.bitwise_count(bits[n] & bits[n:]).sum(axis=1, dtype=np.int64)
        total[n, n:] = total[n:, n] = both
    return total


class _Pairs:
    """Reads the clauses off the counts."""

    def __init__(
        self, context: Context, chosen: Sequence[Atom], together: Counts, rows: int
    ) -> None:
        self._context = context
        self._names = frozenset(bound.name for bound in context)
        self._atoms = chosen
        self._rows = rows
        self._often = together.diagonal()
        often, other = self._often[:, None], self._often[None, :]
        self._implies = together == often
        self._excludes = together == 0
        self._either = often + other - together == rows
        self._varies = (self._often > 0) & (self._often < rows)
        self._position = {atom.expr: n for n, atom in enumerate(chosen)}
        self._decided = _decided(chosen, self._implies)
        self._cells = _numbered(chosen)
        self._seen: set[frozenset[tuple[bool, Expr]]] = set()

    def all(self) -> Iterator[Clause]:
        yield from self._units()
        varying = [n for n in range(len(self._atoms)) if self._varies[n]]
        for position, i in enumerate(varying):
            for j in varying[position + 1 :]:
                if self._atoms[i].bounds | self._atoms[j].bounds == self._names:
                    yield from self._pair(i, j)

    def _units(self) -> Iterator[Clause]:
        for n, atom in enumerate(self._atoms):
            if atom.guarded or atom.bounds != self._names:
                continue
            if self._often[n] == self._rows:
                yield self._clause(atom.expr, Origin.BOUND)
            elif self._often[n] == 0:
                yield self._clause(_no(atom.expr), Origin.BOUND)

    def _pair(self, i: int, j: int) -> Iterator[Clause]:
        one, other = self._atoms[i], self._atoms[j]
        if one.guarded and other.guarded:
            return
        if self._excludes[i, j]:
            yield from self._exclusion(i, j)
        if self._either[i, j]:
            yield from self._alternative(i, j)
        if self._implies[i, j]:
            yield from self._implication(i, j)
        if self._implies[j, i]:
            yield from self._implication(j, i)

    def _exclusion(self, i: int, j: int) -> Iterator[Clause]:
        one, other = self._atoms[i], self._atoms[j]
        if exclusive(one, other) or self._shorter(i, j, self._excludes):
            return
        if self._decided[i, self._cells[j]] or self._decided[j, self._cells[i]]:
            return
        if self._known((False, one.expr), (False, other.expr)):
            return
        if one.is_place and other.is_place:
            yield self._clause(_no(_and(one.expr, other.expr)), Origin.EXCLUSION)
        elif other.is_place or other.guarded:
            yield self._clause(_implies(other.expr, _no(one.expr)), Origin.IMPLICATION)
        else:
            yield self._clause(_implies(one.expr, _no(other.expr)), Origin.IMPLICATION)

    def _alternative(self, i: int, j: int) -> Iterator[Clause]:
        one, other = self._atoms[i], self._atoms[j]
        if one.guarded or other.guarded or one.cell == other.cell:
            return
        if self._known((True, one.expr), (True, other.expr)):
            return
        yield self._clause(Binary(BinOp.OR, one.expr, other.expr), Origin.IMPLICATION)

    def _implication(self, i: int, j: int) -> Iterator[Clause]:
        one, other = self._atoms[i], self._atoms[j]
        if other.guarded or other.expr in one.parts or self._shorter(i, j, self._implies):
            return
        if self._known((False, one.expr), (True, other.expr)):
            return
        yield self._clause(_implies(one.expr, other.expr), Origin.IMPLICATION)

    def _shorter(self, i: int, j: int, relation: NDArray[np.bool_]) -> bool:
        """Whether a part of a guarded atom stands in the relation already."""
        parts = [(p, j) for p in self._atoms[i].parts] + [(p, i) for p in self._atoms[j].parts]
        return any(self._stands(part, rest, relation) for part, rest in parts)

    def _stands(self, part: Expr, rest: int, relation: NDArray[np.bool_]) -> bool:
        """Whether a part alone excludes or implies the atom numbered ``rest``."""
        if isinstance(part, Unary):
            opposite = self._position[part.operand]
            if relation is self._excludes:
                return bool(self._implies[rest, opposite])
            return bool(self._either[opposite, rest])
        return bool(relation[self._position[part], rest])

    def _known(self, *literals: tuple[bool, Expr]) -> bool:
        """Whether the clause was there already, with the Bounds of a type changing places."""
        mine = frozenset(literals)
        self._seen.add(mine)
        for renaming in swaps(self._context):
            twin = frozenset((sign, substitute(expr, renaming)) for sign, expr in literals)
            if twin != mine and twin in self._seen:
                return True
        return False

    def _clause(self, body: Expr, origin: Origin) -> Clause:
        return Clause(self._context, body, origin)


def _numbered(chosen: Sequence[Atom]) -> list[int]:
    """The number of each atom's cell."""
    numbers: dict[Read, int] = {}
    return [numbers.setdefault(atom.cell, len(numbers)) for atom in chosen]


def _decided(chosen: Sequence[Atom], implies: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether an atom (row) implies that a cell (column) has a certain value: then there is
    nothing to say about its other values."""
    cells = _numbered(chosen)
    others = implies & ~np.eye(len(chosen), dtype=np.bool_)
    found = np.zeros((len(chosen), max(cells) + 1), dtype=np.bool_)
    for n, atom in enumerate(chosen):
        if not atom.guarded and _is_value(atom.expr):
            found[:, cells[n]] |= others[:, n]
    return found


def _is_value(expr: Expr) -> bool:
    """Whether it says which value a cell has."""
    return isinstance(expr, Binary) and expr.op is BinOp.EQ and not isinstance(expr.right, Read)


def _no(expr: Expr) -> Expr:
    if isinstance(expr, Binary) and expr.op is BinOp.EQ:
        return Binary(BinOp.NE, expr.left, expr.right)
    return Unary(UnOp.NOT, expr)


def _and(left: Expr, right: Expr) -> Expr:
    return Binary(BinOp.AND, left, right)


def _implies(left: Expr, right: Expr) -> Expr:
    return Binary(BinOp.IMPLIES, left, right)
