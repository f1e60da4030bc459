"""What a step may read and write, cell by cell, and which steps get in each other's way.

A step's effect is an over-approximation, worked out with the values of its parameters and of some
cells (indices, mostly) known. Cells that are changed by a constant, or given a constant, are kept
apart: two steps that do nothing else with a cell may come in either order. Raising it and lowering
it may not, as the one may leave the type's bounds where the other has not been before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from itertools import product
from typing import assert_never

from pinmc.base.records import dataclass
from pinmc.ir.command import Command
from pinmc.ir.evaluate import apply, cells, row_major, slot, wrap
from pinmc.ir.execute import fresh_temps
from pinmc.ir.expr import (
    LOGICAL,
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
    Storage,
    Unary,
    UnOp,
    Var,
    Wrap,
)
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import Scalar, bounds, size, values
from pinmc.ir.walk import writes

_MOST_ROUNDS = 16
"""Loops and quantifiers over more values are looked at once, with the value unknown."""


@dataclass(frozen=True, slots=True)
class Cell:
    slot: int
    type: Scalar


@dataclass(frozen=True, slots=True)
class Effect:
    """Sets of slots, as bits. No slot is in two of them.

    ``raised`` and ``lowered`` are only changed by constants, within their types' bounds; ``turned``
    likewise, modulo the size of a machine word. ``given``: only ever set to this constant.
    """

    reads: int
    writes: int
    raised: int
    lowered: int
    turned: int
    given: tuple[tuple[int, int], ...]


def effect_of(
    command: Command, args: Sequence[int], counter: int | None, known: Mapping[int, int]
) -> Effect | None:
    """The effect of the instances of ``command`` whose first parameters are ``args``, in states in
    which the cells ``known`` (by slot) have these values; ``counter`` is the slot of the actor's
    program counter. None when they never reach a state."""
    body = _Body.of(command, args, known)
    if counter is not None:
        body.reads |= 1 << counter
    try:
        body.assume(command.guard)
        body.run(command.body)
    except _Dead:
        return None
    return body.effect()


def index_cells(command: Command, args: Sequence[int]) -> tuple[Cell, ...]:
    """The cells by whose values other cells are picked."""
    body = _Body.of(command, args, {})
    try:
        body.assume(command.guard)
        body.run(command.body)
    except _Dead:
        return ()
    return tuple(Cell(slot, type_) for slot, type_ in body.pickers.items())


class _Dead(Exception):
    """Execution never gets any further: not enabled, or a found error."""


@dataclass(slots=True)
class _Knowledge:
    """What is known at one point of a body. ``own`` are cells that have certainly been assigned by
    then, with their values if these are known; ``known`` others, from before the step."""

    known: dict[int, int]
    temps: dict[int, int]
    own: dict[int, int | None] = field(default_factory=dict)

    def copy(self) -> _Knowledge:
        return _Knowledge(dict(self.known), dict(self.temps), dict(self.own))

    def meet(self, other: _Knowledge) -> None:
        """Keeps what holds in both."""
        self.known = dict(self.known.items() & other.known.items())
        self.temps = dict(self.temps.items() & other.temps.items())
        self.own = {
            where: value if value == other.own[where] else None
            for where, value in self.own.items()
            if where in other.own
        }

    def forget(self, slots: int) -> None:
        """Any of these cells may have been assigned, or not."""
        for facts in (self.known, self.own):
            for where in [where for where in facts if slots >> where & 1]:
                del facts[where]


@dataclass(slots=True)
class _Body:
    """A command instance being executed with partial knowledge."""

    bound: dict[str, int]
    at: _Knowledge
    reads: int = 0
    writes: int = 0
    raised: int = 0
    lowered: int = 0
    turned: int = 0
    given: dict[int, int] = field(default_factory=dict)
    pickers: dict[int, Scalar] = field(default_factory=dict)
    picking: int = 0

    @staticmethod
    def of(command: Command, args: Sequence[int], known: Mapping[int, int]) -> _Body:
        names = [param.name for param in command.params]
        temps = dict(enumerate(fresh_temps(command.temps)))
        return _Body(dict(zip(names, args, strict=False)), _Knowledge(dict(known), temps))

    def effect(self) -> Effect:
        """What was collected; cells that two things are done with are simply written."""
        given: dict[int, int] = {}
        for where, value in self.given.items():
            given[value] = given.get(value, 0) | 1 << where
        once, twice = self.reads | self.writes, self.writes
        for manner in (self.raised, self.lowered, self.turned, *given.values()):
            twice |= once & manner
            once |= manner
        only = ~twice
        return Effect(
            self.reads & only,
            twice,
            self.raised & only,
            self.lowered & only,
            self.turned & only,
            tuple((value, slots & only) for value, slots in given.items()),
        )

    # --- statements ----------------------------------------------------------------------------

    def run(self, body: Sequence[Stmt]) -> None:
        for stmt in body:
            self._run_one(stmt)

    def assume(self, cond: Expr) -> None:
        if self.value(cond) == 0:
            raise _Dead

    def _run_one(self, stmt: Stmt) -> None:
        match stmt:
            case Assign(var=var) if var.storage is Storage.TEMP:
                self._assign_temp(stmt)
            case Assign():
                self._assign(stmt)
            case If():
                self._if(stmt)
            case For():
                self._for(stmt)
            case Assume(cond=cond) | Assert(cond=cond):
                self.assume(cond)
            case Unused(name=name, domain=domain):
                if self.bound.get(name, bounds(domain)[0]) != bounds(domain)[0]:
                    raise _Dead
            case Mark():
                pass
            case _:
                assert_never(stmt)

    def _if(self, stmt: If) -> None:
        cond = self.value(stmt.cond)
        if cond is not None:
            self.run(stmt.then if cond else stmt.orelse)
            return
        before = self.at.copy()
        ends = []
        for branch in (stmt.then, stmt.orelse):
            self.at = before.copy()
            try:
                self.run(branch)
            except _Dead:
                continue
            ends.append(self.at)
        if not ends:
            raise _Dead
        self.at = ends[0]
        for other in ends[1:]:
            self.at.meet(other)

    def _for(self, stmt: For) -> None:
        if size(stmt.domain) <= _MOST_ROUNDS:
            for value in values(stmt.domain):
                self.bound[stmt.name] = value
                self.run(stmt.body)
            return
        self.bound.pop(stmt.name, None)
        changed = writes(stmt.body)
        self._forget(changed)
        self.run(stmt.body)
        self._forget(changed)

    def _forget(self, changed: frozenset[Var]) -> None:
        for var in changed:
            if var.storage is Storage.TEMP:
                for where in range(var.offset, var.offset + cells(var)):
                    self.at.temps.pop(where, None)
            else:
                self.at.forget(_all_cells(var))

    def _assign_temp(self, stmt: Assign) -> None:
        index = self._index(stmt.index)
        value = self.value(stmt.value)
        where = _position(stmt.var, index)
        if where is None:
            self._forget(frozenset({stmt.var}))
        elif value is None:
            self.at.temps.pop(where, None)
        else:
            self.at.temps[where] = value

    def _assign(self, stmt: Assign) -> None:
        index = self._index(stmt.index)
        where = _position(stmt.var, index)
        if where is None:
            self.value(stmt.value)
            slots = _picked(stmt.var, index)
            self.writes |= slots
            self.at.forget(slots)
        elif where in self.at.own or not self._changed(stmt, where):
            self._set(where, self.value(stmt.value))

    def _set(self, where: int, value: int | None) -> None:
        if value is None or self.given.get(where, value) != value:
            self.writes |= 1 << where
        else:
            self.given[where] = value
        self.at.known.pop(where, None)
        self.at.own[where] = value

    def _changed(self, stmt: Assign, where: int) -> bool:
        """Whether the cell is changed by a constant, whatever its value."""
        match stmt.value:
            case Check(operand=Binary() as change, lo=lo, hi=hi):
                bounded = (lo, hi) == bounds(stmt.var.type)
            case Wrap(operand=Binary() as change, width=width):
                bounded = size(stmt.var.type) == 1 << width
            case _:
                return False
        if not bounded or change.op not in (BinOp.ADD, BinOp.SUB):
            return False
        old, by = change.left, change.right
        if change.op is BinOp.ADD and not isinstance(old, Read):
            old, by = by, old
        amount = by.value if isinstance(by, Const) else None
        if amount is None or not isinstance(old, Read) or old.var != stmt.var or old.primed:
            return False
        if _position(old.var, self._index(old.index)) != where:
            return False
        self._change(stmt, where, int(amount) if change.op is BinOp.ADD else -int(amount))
        return True

    def _change(self, stmt: Assign, where: int, amount: int) -> None:
        if isinstance(stmt.value, Wrap):
            self.turned |= 1 << where
        elif amount >= 0:
            self.raised |= 1 << where
        else:
            self.lowered |= 1 << where
        self.at.known.pop(where, None)

    # --- expressions ---------------------------------------------------------------------------

    def value(self, expr: Expr) -> int | None:
        """The value, if known, having noted what is read."""
        match expr:
            case Const(value=value):
                return int(value)
            case Bound(name=name):
                return self.bound.get(name)
            case Read():
                return self._read(expr)
            case Unary(op=op, operand=operand):
                return _unary(op, self.value(operand))
            case Binary():
                return self._binary(expr)
            case Ite(cond=cond, then=then, orelse=orelse):
                return self._ite(cond, then, orelse)
            case Quant():
                return self._quant(expr)
            case Check(operand=operand, lo=lo, hi=hi):
                known = self.value(operand)
                return known if known is not None and lo <= known <= hi else None
            case Require(cond=cond, operand=operand):
                self.value(cond)
                return self.value(operand)
            case Wrap(operand=operand, width=width, signed=signed):
                known = self.value(operand)
                return None if known is None else wrap(known, width, signed)
            case AgentOf(base=base, args=args, domains=domains):
                found = [self.value(arg) for arg in args]
                some = [value for value in found if value is not None]
                return base + row_major(domains, some) if len(some) == len(found) else None
            case _:
                assert_never(expr)

    def _index(self, index: Sequence[Expr]) -> list[int | None]:
        self.picking += 1
        found = [self.value(expr) for expr in index]
        self.picking -= 1
        return found

    def _read(self, read: Read) -> int | None:
        index = self._index(read.index)
        where = _position(read.var, index)
        if read.var.storage is Storage.TEMP:
            return None if where is None else self.at.temps.get(where)
        if where is None:
            self.reads |= _picked(read.var, index)
            return None
        if where in self.at.own:
            return self.at.own[where]
        self.reads |= 1 << where
        if self.picking and where not in self.at.known:
            self.pickers[where] = read.var.type
        return self.at.known.get(where)

    def _binary(self, expr: Binary) -> int | None:
        left = self.value(expr.left)
        if left is not None and expr.op in LOGICAL and bool(left) == (expr.op is BinOp.OR):
            return 0 if expr.op is BinOp.AND else 1
        right = self.value(expr.right)
        if left is None or right is None:
            return None
        if expr.op in (BinOp.DIV, BinOp.MOD) and right == 0:
            return None
        if expr.op in (BinOp.SHL, BinOp.SHR) and not 0 <= right <= 64:
            return None
        return apply(expr.op, left, right)

    def _ite(self, cond: Expr, then: Expr, orelse: Expr) -> int | None:
        known = self.value(cond)
        if known is not None:
            return self.value(then if known else orelse)
        a, b = self.value(then), self.value(orelse)
        return a if a == b else None

    def _quant(self, quant: Quant) -> int | None:
        if size(quant.domain) > _MOST_ROUNDS:
            self.bound.pop(quant.name, None)
            self.value(quant.body)
            return None
        found = []
        for value in values(quant.domain):
            self.bound[quant.name] = value
            found.append(self.value(quant.body))
        some = [value for value in found if value is not None]
        if len(some) < len(found):
            return None
        if quant.kind is QuantKind.FORALL:
            return int(all(some))
        return int(any(some)) if quant.kind is QuantKind.EXISTS else sum(some)


def _unary(op: UnOp, value: int | None) -> int | None:
    if value is None:
        return None
    if op is UnOp.NOT:
        return int(not value)
    return -value if op is UnOp.NEG else ~value


def _position(var: Var, index: Sequence[int | None]) -> int | None:
    """The slot, if all indices are known and there is such a cell."""
    known = [value for value in index if value is not None]
    if len(known) < len(index):
        return None
    try:
        return slot(var, known)
    except IndexError:
        return None


def _picked(var: Var, index: Sequence[int | None]) -> int:
    """The slots that the index may mean."""
    if all(value is None for value in index):
        return _all_cells(var)
    domains = [
        [value] if value is not None and value in values(dim) else values(dim)
        for value, dim in zip(index, var.dims, strict=True)
    ]
    slots = 0
    for each in product(*domains):
        slots |= 1 << slot(var, each)
    return slots


def _all_cells(var: Var) -> int:
    return (1 << cells(var)) - 1 << var.offset
