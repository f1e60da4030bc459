"""Numbers to build equations of: cells, counts and sums over indices, indicators of conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from pinmc.base.records import dataclass
from pinmc.engines.smt.mining.atoms import at, equal, pointers
from pinmc.engines.smt.mining.cells import constants, inner
from pinmc.engines.smt.mining.contexts import Context, Names, fresh
from pinmc.ir.expr import TRUE, Binary, BinOp, Bound, Const, Expr, Ite, Quant, QuantKind, Read, Var
from pinmc.ir.system import System
from pinmc.ir.types import Agent, Bool, Enum, Int, Optional, Place, Range, Scalar, Word, absent
from pinmc.ir.walk import free_bounds

ONE = Const(1, Int())
ZERO = Const(0, Int())


@dataclass(frozen=True, slots=True)
class Term:
    """``cell`` (1 if None) where ``condition`` is true and 0 elsewhere, added up over ``over``.

    ``rank`` orders terms: an equation is solved for the last of its terms.
    """

    rank: int
    condition: Expr = TRUE
    cell: Expr | None = None
    over: tuple[Bound, ...] = ()

    @property
    def expr(self) -> Expr:
        return self.times(ONE)

    @property
    def plain(self) -> bool:
        """Whether it is the number 1."""
        return self.condition == TRUE and self.cell is None and not self.over

    @property
    def is_flag(self) -> bool:
        """Whether it is 1 or 0 as one condition is true or not."""
        return self.cell is None and not self.over and not self.plain

    @property
    def is_count(self) -> bool:
        """Whether it says how often conditions are true, and is no number of the state."""
        return self.cell is None

    @property
    def bounds(self) -> frozenset[str]:
        """The names of the context's Bounds in it."""
        names = free_bounds(self.condition)
        names |= free_bounds(self.cell) if self.cell is not None else frozenset()
        return names - {bound.name for bound in self.over}

    def times(self, factor: Expr) -> Expr:
        """The term multiplied by ``factor``; a condition never makes a product of two unknowns."""
        value = factor if self.cell is None else _product(factor, self.cell)
        if self.over and value == ONE:
            *outer, last = self.over
            return _sum(outer, Quant(QuantKind.COUNT, last.name, last.type, self.condition))
        if self.condition != TRUE:
            value = Ite(self.condition, value, ZERO)
        return _sum(self.over, value)


def _product(factor: Expr, cell: Expr) -> Expr:
    return cell if factor == ONE else Binary(BinOp.MUL, factor, cell)


def _sum(over: Sequence[Bound], body: Expr) -> Expr:
    for bound in reversed(over):
        body = Quant(QuantKind.SUM, bound.name, bound.type, body)
    return body


_PLACE, _FLAG, _GUARDED, _SMALL, _GHOST, _NUMBER = range(1, 7)


def terms(system: System, context: Context) -> list[Term]:
    """The terms of a context in ascending rank, 1 first."""
    found = [Term(0)]
    found += _places(system, context)
    found += _pointing(system, context)
    for var in system.variables:
        if not isinstance(var.type, Place):
            found += _of(var, context, system)
    return sorted(dict.fromkeys(found), key=lambda term: term.rank)


def _of(var: Var, context: Context, system: System) -> Iterator[Term]:
    for cell, over in _aggregates(var, context, system):
        match var.type:
            case Bool():
                yield Term(_FLAG, cell, None, over)
            case Enum(members=members):
                for member in range(1, len(members)):
                    yield Term(_FLAG, equal(cell, Const(member, var.type)), None, over)
            case Optional(inner=Agent()):
                none = Const(absent(var.type), var.type)
                yield Term(_FLAG, Binary(BinOp.NE, cell, none), None, over)
            case Range() | Int() | Word():
                yield Term(_number_rank(var), TRUE, cell, over)
            case _:
                pass


def _number_rank(var: Var) -> int:
    if isinstance(var.type, Range):
        return _SMALL
    return _GHOST if var.storage.value == "ghost" else _NUMBER


def _places(system: System, context: Context) -> Iterator[Term]:
    """``u at place`` for every place but the first: one of them is always true."""
    for actor in system.actors:
        for cell, over in _aggregates(actor.counter, context, system):
            for place in range(1, len(actor.places)):
                yield Term(_PLACE, equal(cell, Const(place, actor.counter.type)), None, over)


def _pointing(system: System, context: Context) -> Iterator[Term]:
    """How many instances of an actor are at a place with a local that points to the context's
    page. Only for contexts of one Bound: it is where references are counted."""
    if len(context) != 1:
        return
    (target,) = context
    names = Names(system)
    for actor in system.actors:
        over = _fresh(tuple(d for _, d in actor.params), context, names)
        for var in pointers(system, actor):
            if inner(var.type) != target.type:
                continue
            points = equal(Read(var, over), target)
            for place in range(1, len(actor.places)):
                both = Binary(BinOp.AND, at(actor, over, place), points)
                yield Term(_GUARDED, both, None, over)


def _aggregates(
    var: Var, context: Context, system: System
) -> Iterator[tuple[Read, tuple[Bound, ...]]]:
    """``var`` at indices of the context, of constants, and counted over what is left."""
    names = Names(system)
    if any(isinstance(dim, Agent) for dim in var.dims):
        return
    options = [_indices(dim, context) for dim in var.dims]
    for chosen in product(*options):
        free = [dim for dim, index in zip(var.dims, chosen, strict=True) if index is None]
        over = _fresh(free, context, names)
        left = list(over)
        index = tuple(left.pop(0) if one is None else one for one in chosen)
        yield Read(var, index), over


def _indices(dim: Scalar, context: Context) -> list[Expr | None]:
    """None: to be counted over, unless the context has one of the type."""
    bound: list[Expr | None] = [b for b in context if b.type == dim]
    return [*bound, *constants(dim)] if bound else [*constants(dim), None]


def _fresh(sorts: Sequence[Scalar], context: Context, names: Names) -> tuple[Bound, ...]:
    made: list[Bound] = []
    for sort in sorts:
        made.append(fresh(sort, (*context, *made), names))
    return tuple(made)
