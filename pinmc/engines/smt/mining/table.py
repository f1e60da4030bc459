"""The value of an expression in all states at once.

Expressions are those of a *target* System; an instance may have other sizes of scalarsets and
fixed values for what is a variable there. Names say what is what.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.smt.mining.states import Instance
from pinmc.ir.evaluate import row_major, slot
from pinmc.ir.expr import (
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Check,
    Const,
    Expr,
    Ite,
    Quant,
    QuantKind,
    Read,
    Require,
    Unary,
    UnOp,
    Var,
    Wrap,
)
from pinmc.ir.system import Actor
from pinmc.ir.types import Scalar, Scalarset, values

Column: TypeAlias = NDArray[np.int64]
"""A value for each state; where all are the same, an array of one."""


class Incomparable(Exception):
    """The instance has nothing that the expression speaks of: it cannot judge it."""


class Table:
    """The states of one instance, column by column."""

    def __init__(self, instance: Instance) -> None:
        self.rows = len(instance.states.matrix)
        self._matrix = instance.states.matrix
        self._wide = instance.states.wide
        self._constants = instance.constants
        self._vars = {var.name: var for var in instance.system.variables}
        self._actors = {actor.name: actor for actor in instance.system.actors}
        self._sorts = _sorts(instance)

    def column(self, expr: Expr, env: Mapping[str, int]) -> Column:
        """The value of ``expr`` in every state, Bounds as in ``env``.

        ``expr`` has no checks: it must be without found errors. Raises Incomparable.
        """
        found = _Values(self, env).of(expr)
        return np.broadcast_to(found, (self.rows,))

    @property
    def constants(self) -> Mapping[str, int]:
        """The values that this instance has for what is free in the target."""
        return self._constants

    def domain(self, type_: Scalar) -> range:
        """The values of ``type_`` in this instance."""
        if isinstance(type_, Scalarset):
            type_ = self._sorts.get((type_.name, type_.uid), type_)
        return values(type_)

    def cell(self, var: Var, index: tuple[int, ...]) -> Column:
        """The column of one cell."""
        here = self._vars.get(var.name)
        if here is None:
            if var.name not in self._constants or index:
                raise Incomparable(var.name)
            return np.array([self._constants[var.name]], dtype=np.int64)
        try:
            position = slot(here, index)
        except (IndexError, ValueError):
            raise Incomparable(var.name) from None
        if position in self._wide:
            raise Incomparable(var.name)
        return self._matrix[:, position]

    def slot(self, read: Read, env: Mapping[str, int]) -> int:
        """Where the cell is in the instance's states."""
        values = _Values(self, env)
        index = [int(values.of(one)[0]) for one in read.index]
        return slot(self._vars[read.var.name], index)

    def actor(self, name: str) -> Actor:
        try:
            return self._actors[name]
        except KeyError:
            raise Incomparable(name) from None


def _sorts(instance: Instance) -> dict[tuple[str, str], Scalarset]:
    types = [t for var in instance.system.variables for t in (var.type, *var.dims)]
    types += [t for actor in instance.system.actors for _, t in actor.params]
    inner = [getattr(t, "inner", t) for t in types]
    return {(t.name, t.uid): t for t in inner if isinstance(t, Scalarset)}


_STRICT = {
    BinOp.ADD: np.add,
    BinOp.SUB: np.subtract,
    BinOp.MUL: np.multiply,
    BinOp.MIN: np.minimum,
    BinOp.MAX: np.maximum,
}
_COMPARE = {
    BinOp.EQ: np.equal,
    BinOp.NE: np.not_equal,
    BinOp.LT: np.less,
    BinOp.LE: np.less_equal,
    BinOp.GT: np.greater,
    BinOp.GE: np.greater_equal,
}


@dataclass(frozen=True, slots=True)
class _Values:
    table: Table
    env: Mapping[str, int]

    def of(self, expr: Expr) -> Column:
        match expr:
            case Const(value=value):
                return np.array([int(value)], dtype=np.int64)
            case Bound(name=name):
                return np.array([self.env[name]], dtype=np.int64)
            case Read(var=var, index=index, primed=False):
                return self._read(var, tuple(self._one(i) for i in index))
            case Unary(op=op, operand=operand):
                return self._unary(op, self.of(operand))
            case Binary(op=op, left=left, right=right):
                return self._binary(op, self.of(left), self.of(right))
            case Ite(cond=cond, then=then, orelse=orelse):
                chosen: Column = np.where(self.of(cond) != 0, self.of(then), self.of(orelse))
                return chosen
            case Quant():
                return self._quant(expr)
            case AgentOf(actor=name, args=args):
                actor = self.table.actor(name)
                position = row_major(actor.counter.dims, [self._one(arg) for arg in args])
                return np.array([actor.first_agent + position], dtype=np.int64)
            case Read() | Check() | Require() | Wrap():
                raise TypeError(f"lemmas have no {type(expr).__name__}")

    def _one(self, expr: Expr) -> int:
        """The value of an index, which is the same in all states."""
        found = self.of(expr)
        if len(found) != 1:
            raise TypeError("lemmas have no index that depends on the state")
        return int(found[0])

    def _read(self, var: Var, index: tuple[int, ...]) -> Column:
        return self.table.cell(var, index)

    def _unary(self, op: UnOp, operand: Column) -> Column:
        match op:
            case UnOp.NOT:
                return _truth(operand == 0)
            case UnOp.NEG:
                return -operand
            case UnOp.INVERT:
                return ~operand

    def _binary(self, op: BinOp, left: Column, right: Column) -> Column:
        if op in _STRICT:
            made: Column = _STRICT[op](left, right)
            return made
        if op in _COMPARE:
            return _truth(_COMPARE[op](left, right))
        match op:
            case BinOp.AND:
                return _truth((left != 0) & (right != 0))
            case BinOp.OR:
                return _truth((left != 0) | (right != 0))
            case BinOp.IMPLIES:
                return _truth((left == 0) | (right != 0))
            case _:
                raise TypeError(f"lemmas have no {op.value}")

    def _quant(self, quant: Quant) -> Column:
        each = [
            _Values(self.table, {**self.env, quant.name: value}).of(quant.body)
            for value in self.table.domain(quant.domain)
        ]
        total = each[0]
        for column in each[1:]:
            match quant.kind:
                case QuantKind.FORALL:
                    total = total & column
                case QuantKind.EXISTS:
                    total = total | column
                case QuantKind.COUNT | QuantKind.SUM:
                    total = total + column
        return total


def _truth(of: NDArray[np.bool_]) -> Column:
    """Truth values as 0 and 1."""
    return of.astype(np.int64)
