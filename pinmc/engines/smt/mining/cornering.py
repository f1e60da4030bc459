"""Lemmas that exclude one state, said of single cells: for what no clause about a few bounds says.

Every state that was not explored differs from each explored one in some cell. A few cells in
which it does (a set cover, greedily) are widened as far as the explored states allow, one after
the other: ``count <= 3`` to the greatest bound that none of them reaches, a value to all values
that none of them has there. Where members of scalarsets are named, the same is then claimed of
all of them, if the explored states agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.smt.mining.contexts import Context, Names, bind, closed
from pinmc.engines.smt.mining.states import Instance
from pinmc.engines.smt.mining.table import Incomparable, Table
from pinmc.ir.expr import Binary, BinOp, Bound, Const, Expr, Read, Unary, UnOp
from pinmc.ir.semantics import State
from pinmc.ir.system import System
from pinmc.ir.types import Bool, Int, Optional, Range, Scalarset, Word, size, values

_MOST_LITERALS = 10
_MOST_VALUES = 6
_MOST_BOUNDS = 4
_MOST_COMPARED = 10
_VARIANTS = 4

Mask = NDArray[np.bool_]
Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Cell:
    read: Read
    slot: int
    column: Column

    @property
    def ordered(self) -> bool:
        return isinstance(self.read.var.type, Int | Word | Range)


@dataclass(frozen=True, slots=True)
class _Literal:
    """True in the state that is to be excluded; ``true``: in which explored states it is as well.
    ``op`` compares the cell with its value in the state, or with another cell."""

    cell: _Cell
    op: BinOp
    true: Mask
    value: int
    other: _Cell | None = None

    @property
    def cost(self) -> float:
        if self.other is not None:
            return 1.3
        return 2.0 if self.cell.ordered and self.op is BinOp.EQ else 1.0


class Corner:
    """The explored states of one instance of ``target``, cell by cell. ``free``: variables that
    are not spoken of."""

    def __init__(self, instance: Instance, free: Sequence[str] = ()) -> None:
        self._system = instance.system
        self._table = Table(instance)
        self._matrix = instance.states.matrix
        self._cells = [
            _Cell(read, slot, self._matrix[:, slot])
            for read, slot in _cells(instance.system)
            if slot not in instance.states.wide and read.var.name not in free
        ]

    def lemmas(self, state: State) -> Iterator[Expr]:
        """Claims that are true in every explored state and false in ``state``; none if it was
        explored."""
        literals = list(self._literals(state))
        first = _cover(literals, frozenset())
        if first is None:
            return
        yield from self._claims(first)
        for left_out in first[:_VARIANTS]:
            other = _cover(literals, frozenset({id(left_out)}))
            if other is not None:
                yield from self._claims(other)

    def _literals(self, state: State) -> Iterator[_Literal]:
        for cell in self._cells:
            value = int(state[cell.slot])
            if not -(2**62) < value < 2**62:
                continue
            if cell.ordered and size(cell.read.var.type) != _TWO:
                yield _Literal(cell, BinOp.LE, cell.column <= value, value)
                yield _Literal(cell, BinOp.GE, cell.column >= value, value)
            yield _Literal(cell, BinOp.EQ, cell.column == value, value)
        ordered = [cell for cell in self._cells if cell.ordered][:_MOST_COMPARED]
        for at, one in enumerate(ordered):
            for other in ordered[at + 1 :]:
                mine, theirs = state[one.slot], state[other.slot]
                op = BinOp.LT if mine < theirs else BinOp.GT if mine > theirs else BinOp.EQ
                yield _Literal(one, op, _compared(op, one.column, other.column), 0, other)

    def _claims(self, literals: Sequence[_Literal]) -> Iterator[Expr]:
        parts = _widened(literals)
        body = _not_all(parts)
        general = self._of_all(body)
        if general is not None:
            yield general
        yield body

    def _of_all(self, body: Expr) -> Expr | None:
        """The claim of all members of the scalarsets of which ``body`` names some."""
        named = list(dict.fromkeys(_members(body)))
        if not 0 < len(named) <= _MOST_BOUNDS:
            return None
        context: Context = bind([type_ for type_, _ in named], Names(self._system))
        renamed = dict(zip(named, context, strict=True))
        claim = closed(context, _renamed(body, renamed))
        try:
            true = self._table.column(claim, {})
        except Incomparable:
            return None
        return claim if bool(true.all()) else None


_TWO = 2


def _cells(system: System) -> Iterator[tuple[Read, int]]:
    for var in system.variables:
        for position, index in enumerate(product(*(values(dim) for dim in var.dims))):
            at = tuple(Const(v, dim) for v, dim in zip(index, var.dims, strict=True))
            yield Read(var, at), var.offset + position


def _compared(op: BinOp, one: Column, other: Column) -> Mask:
    return np.asarray(
        one < other if op is BinOp.LT else one > other if op is BinOp.GT else one == other
    )


def _cover(literals: Sequence[_Literal], without: frozenset[int]) -> list[_Literal] | None:
    """Few literals that are never all true in the explored states; None if there are none."""
    usable = [literal for literal in literals if id(literal) not in without]
    if not usable or not len(usable[0].true):
        return None
    differs = np.stack([~literal.true for literal in usable])
    costs = np.array([literal.cost for literal in usable])
    left = np.ones(differs.shape[1], dtype=np.bool_)
    chosen: list[int] = []
    while left.any():
        gain = differs[:, left].sum(axis=1) / costs
        best = int(gain.argmax())
        if gain[best] == 0 or len(chosen) == _MOST_LITERALS:
            return None
        chosen.append(best)
        left &= ~differs[best]
    for one in list(chosen):
        rest = [n for n in chosen if n != one]
        if rest and differs[rest].any(axis=0).all():
            chosen = rest
    return [usable[n] for n in chosen]


def _widened(literals: Sequence[_Literal]) -> list[Expr]:
    """What stands for the literals: each as weak as the explored states and the others allow."""
    true = [literal.true for literal in literals]
    parts = []
    for n, literal in enumerate(literals):
        others = np.ones(len(literal.true), dtype=np.bool_)
        for m, mask in enumerate(true):
            if m != n:
                others &= mask
        part, true[n] = _as_weak_as(literal, others)
        parts.append(part)
    return parts


def _as_weak_as(literal: _Literal, others: Mask) -> tuple[Expr, Mask]:
    """A weaker literal that is false wherever ``others`` are true, and where it is true."""
    cell, type_ = literal.cell, literal.cell.read.var.type
    column = cell.column
    met = np.unique(column[others])
    if literal.other is not None or not len(met):
        right = Const(literal.value, type_) if literal.other is None else literal.other.read
        return _literal(cell.read, literal.op, right), literal.true
    if literal.op is BinOp.LE:
        most = int(met[0]) - 1
        return Binary(BinOp.LE, cell.read, Const(most, type_)), column <= most
    if literal.op is BinOp.GE:
        least = int(met[-1]) + 1
        return Binary(BinOp.GE, cell.read, Const(least, type_)), column >= least
    if isinstance(type_, Bool) or len(met) > _MOST_VALUES:
        return _literal(cell.read, BinOp.EQ, Const(literal.value, type_)), literal.true
    return _none_of(cell.read, [int(v) for v in met]), ~np.isin(column, met)


def _literal(read: Read, op: BinOp, right: Expr) -> Expr:
    if isinstance(read.var.type, Bool) and isinstance(right, Const):
        return read if right.value else Unary(UnOp.NOT, read)
    return Binary(op, read, right)


def _none_of(read: Read, met: Sequence[int]) -> Expr:
    parts: list[Expr] = [Binary(BinOp.NE, read, Const(v, read.var.type)) for v in met]
    return reduce(_both, parts)


def _not_all(parts: Sequence[Expr]) -> Expr:
    return Unary(UnOp.NOT, reduce(_both, parts))


def _both(left: Expr, right: Expr) -> Expr:
    return Binary(BinOp.AND, left, right)


def _members(expr: Expr) -> Iterator[tuple[Scalarset, int]]:
    """The members of scalarsets that an expression names, as indices or as values."""
    match expr:
        case Const(value=value, type=Scalarset() as type_):
            yield type_, value
        case Const(value=value, type=Optional(inner=Scalarset() as type_)):
            if value in values(type_):
                yield type_, value
        case Read(index=index):
            for one in index:
                yield from _members(one)
        case Unary(operand=operand):
            yield from _members(operand)
        case Binary(left=left, right=right):
            yield from _members(left)
            yield from _members(right)


def _renamed(expr: Expr, names: Mapping[tuple[Scalarset, int], Bound]) -> Expr:
    match expr:
        case Const(value=value, type=Scalarset() as type_):
            return names[type_, value]
        case Const(value=value, type=Optional(inner=Scalarset() as type_)):
            return names.get((type_, value), expr)
        case Read(var=var, index=index):
            return Read(var, tuple(_renamed(one, names) for one in index))
        case Unary(op=op, operand=operand):
            return Unary(op, _renamed(operand, names))
        case Binary(op=op, left=left, right=right):
            return Binary(op, _renamed(left, names), _renamed(right, names))
        case _:
            return expr
