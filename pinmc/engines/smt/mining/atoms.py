"""Truth values to build clauses of: flags, ``cell == value``, ``lock held by u``, ``u at place``.

A *guarded* atom is a place together with where a local of that actor points: ``user[u] at pinned
and user[u].p == p``. It may only stand to the left of an implication.
"""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.base.records import dataclass
from pinmc.engines.smt.mining.cells import agents, choices, constants, inner, instances, readings
from pinmc.engines.smt.mining.contexts import Context
from pinmc.ir.expr import (
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Const,
    Expr,
    Read,
    Storage,
    Unary,
    UnOp,
    Var,
)
from pinmc.ir.system import Actor, System
from pinmc.ir.types import (
    Agent,
    Bool,
    Enum,
    Int,
    Optional,
    Place,
    Range,
    Scalar,
    Scalarset,
    Word,
    absent,
    bounds,
    size,
)
from pinmc.ir.walk import free_bounds

_MOST_PLACES = 64
"""An actor with more places is left out of guarded atoms."""


@dataclass(frozen=True, slots=True)
class Atom:
    """``cell`` is what it looks at, ``parts`` the atoms that a guarded one consists of."""

    expr: Expr
    cell: Read
    parts: tuple[Expr, ...] = ()

    @property
    def guarded(self) -> bool:
        return bool(self.parts)

    @property
    def is_place(self) -> bool:
        return isinstance(self.cell.var.type, Place) and not self.parts

    @property
    def bounds(self) -> frozenset[str]:
        """The names of the Bounds it speaks of."""
        return free_bounds(self.expr)


def atoms(system: System, context: Context) -> list[Atom]:
    """All atoms of a context in a fixed order; those of fewer Bounds are among them."""
    simple = [
        Atom(expr, cell)
        for var in system.variables
        for cell in readings(system, var, context)
        for expr in _about(system, cell, context)
    ]
    return [*simple, *_compared(system, context), *_guarded(system, context)]


_MOST_COMPARED = 8


def _compared(system: System, context: Context) -> Iterator[Atom]:
    """Which of two numbers is the greater: positions, offsets, ticks, and indices beside them."""
    numbers = [
        cell
        for var in system.variables
        if isinstance(var.type, Range) and size(var.type) > _TWO
        for cell in readings(system, var, context)
    ]
    for bound in context:
        if isinstance(bound.type, Range):
            for one in numbers[:_MOST_COMPARED]:
                yield Atom(equal(bound, one), one)
                yield Atom(Binary(BinOp.LT, bound, one), one)
    for position, one in enumerate(numbers[:_MOST_COMPARED]):
        for other in numbers[position + 1 : _MOST_COMPARED]:
            if one.var.type == other.var.type:
                yield Atom(equal(one, other), one)
                yield Atom(Binary(BinOp.LT, one, other), one)


def _about(system: System, cell: Read, context: Context) -> Iterator[Expr]:
    """What may be asked of a cell."""
    type_ = cell.var.type
    if isinstance(type_, Bool):
        yield cell
        return
    if isinstance(type_, Optional):
        yield equal(cell, Const(absent(type_), type_))
    yield from (equal(cell, value) for value in _values(system, inner(type_), context))


def _values(system: System, type_: Scalar, context: Context) -> Iterator[Expr]:
    match type_:
        case Place(count=count):
            yield from (Const(place, type_) for place in range(count))
        case Agent():
            yield from agents(system, context)
        case Scalarset():
            yield from choices(system, type_, context)
        case Enum() | Bool() | Range():
            yield from _listed(type_)
        case Word(signed=False) | Word() | Int():
            yield Const(0, type_)
        case Optional():
            raise AssertionError("an optional has no optional inside")


def _listed(type_: Scalar) -> list[Expr]:
    """Values to compare with: all of a few (of two, one says it all), else the ends."""
    few, (lo, hi) = constants(type_), bounds(type_)
    if len(few) == 2:
        return few[1:]
    return few or [Const(lo, type_), Const(hi, type_)]


def equal(left: Expr, right: Expr) -> Binary:
    return Binary(BinOp.EQ, left, right)


def at(actor: Actor, index: tuple[Expr, ...], place: int) -> Binary:
    """The instance ``index`` of ``actor`` is at ``place``."""
    return equal(Read(actor.counter, index), Const(place, actor.counter.type))


def pointers(system: System, actor: Actor) -> list[Var]:
    """The actor's own cells that hold an index: where it points."""
    return [
        var
        for var in system.variables
        if var.storage is Storage.LOCAL
        and var.actor == actor.name
        and var.dims == actor.counter.dims
        and isinstance(inner(var.type), Scalarset)
    ]


def owned(system: System, actor: Actor) -> list[Var]:
    """What an instance of the actor has for itself: its locals, and what is kept for each index of
    the actor, such as everybody's lease."""
    return [
        var
        for var in system.variables
        if var.dims == actor.counter.dims
        and not isinstance(var.type, Place)
        and (var.actor == actor.name or (var.dims and var.actor is None))
    ]


def _guarded(system: System, context: Context) -> Iterator[Atom]:
    for actor in system.actors:
        if len(actor.places) > _MOST_PLACES:
            continue
        for index in instances(system, actor, context):
            for var in owned(system, actor):
                for about in _more_about(system, Read(var, index), context):
                    for place in range(len(actor.places)):
                        here = at(actor, index, place)
                        both = Binary(BinOp.AND, here, about)
                        yield Atom(both, Read(actor.counter, index), (here, about))


def _more_about(system: System, cell: Read, context: Context) -> Iterator[Expr]:
    """What may be asked of a cell, and of a flag whether it is not set."""
    for about in _about(system, cell, context):
        yield about
        if size(cell.var.type) == _TWO:
            yield Unary(UnOp.NOT, about)


_TWO = 2


def exclusive(one: Atom, other: Atom) -> bool:
    """Whether the two can never be true at once by their form alone: one cell, two values."""
    mine = one.parts or (one.expr,)
    theirs = other.parts or (other.expr,)
    return any(_two_values(a, b) for a in mine for b in theirs)


def _two_values(a: Expr, b: Expr) -> bool:
    if not (isinstance(a, Binary) and isinstance(b, Binary)):
        return False
    return a.left == b.left and _different(a.right, b.right)


def _different(a: Expr, b: Expr) -> bool:
    """Values that differ whatever the Bounds are; Bounds of one type are different."""
    match a, b:
        case Const(), Const():
            return a.value != b.value
        case Bound(), Bound():
            return a.type == b.type and a.name != b.name
        case AgentOf(), AgentOf():
            if a.actor != b.actor:
                return True
            return any(_different(x, y) for x, y in zip(a.args, b.args, strict=True))
        case (Const(value=value, type=Optional() as type_), _) | (
            _,
            Const(value=value, type=Optional() as type_),
        ):
            return value == absent(type_)
        case _:
            return False
