"""What the lock statements mean.

A mutex knows its holder; an rwlock its writer, how often each reader holds it and, unless it is
unfair, which writers are queued: a queued writer bars new readers, as in the kernel's rwsem.
"""

from __future__ import annotations

from collections.abc import Callable

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.frontend.lower.build import and_, arith, check, compare, eq, not_, or_, quant
from pinmc.frontend.lower.code import Code, Names, branch, code, seq
from pinmc.frontend.lower.values import number
from pinmc.ir.expr import (
    FALSE,
    TRUE,
    BinOp,
    Bound,
    Const,
    ErrorSite,
    Expr,
    QuantKind,
    Read,
    Var,
)
from pinmc.ir.stmt import Assert, Assign
from pinmc.ir.system import Holder, LockShape
from pinmc.ir.types import Optional, absent, bounds, values


@dataclass(frozen=True, slots=True)
class LockUse:
    """One statement's lock: the cells, the indices, and who acts (None: a rule)."""

    shape: LockShape
    index: tuple[Expr, ...]
    me: Expr | None
    shown: str
    span: Span
    names: Names


def held(shape: LockShape, index: tuple[Expr, ...], me: Expr | None) -> Expr:
    """Held by ``me`` in any way; a rule (None) holds nothing."""
    if me is None:
        return FALSE
    mine = eq(Read(shape.writer, index), me)
    if shape.readers is None:
        return mine
    return or_(mine, compare(BinOp.GT, Read(shape.readers, (*index, me)), number(0)))


def locked(shape: LockShape, index: tuple[Expr, ...], names: Names) -> Expr:
    """Held by anybody in any way."""
    writer = compare(BinOp.NE, Read(shape.writer, index), _none(shape.writer))
    return or_(writer, _anyone(shape.readers, index, names))


def free(use: LockUse) -> Expr:
    """Nobody holds it in any way."""
    return and_(
        eq(_writer(use), _nobody(use)), not_(_anyone(use.shape.readers, use.index, use.names))
    )


def free_to_share(use: LockUse) -> Expr:
    """No writer holds it or is queued for it."""
    return and_(
        eq(_writer(use), _nobody(use)), not_(_anyone(use.shape.queued, use.index, use.names))
    )


def take(use: LockUse) -> Code:
    assert use.me is not None
    stmts = code(Assign(use.shape.writer, use.index, use.me))
    if use.shape.queued is None:
        return stmts
    return seq(stmts, code(Assign(use.shape.queued, (*use.index, use.me), FALSE)))


def queue_up(use: LockUse) -> tuple[Expr, Code]:
    """When and how a writer that must wait bars new readers, once."""
    assert use.me is not None and use.shape.queued is not None
    cell = (*use.index, use.me)
    first = and_(not_(free(use)), not_(Read(use.shape.queued, cell)))
    return first, code(Assign(use.shape.queued, cell, TRUE))


def take_shared(use: LockUse) -> Code:
    return code(_count_reader(use, 1))


def release(use: LockUse, crossrelease: bool) -> Code:
    holder = _writer(use)
    if crossrelease or use.me is None:
        held = compare(BinOp.NE, holder, _nobody(use))
        text = f"{use.shown} is unlocked while nobody holds it"
    else:
        held = eq(holder, use.me)
        text = f"{use.shown} is unlocked by somebody who does not hold it"
    site = ErrorSite("unlock", text, use.span)
    return code(Assert(held, site), Assign(use.shape.writer, use.index, _nobody(use)))


def release_shared(use: LockUse) -> Code:
    text = f"{use.shown} is unlocked by somebody who does not share it"
    return code(Assert(_shares(use), ErrorSite("unlock", text, use.span)), _count_reader(use, -1))


def downgrade(use: LockUse) -> Code:
    """A writer becomes a reader without letting anybody in between."""
    return seq(release(use, False), take_shared(use))


def try_take(use: LockUse, k: Callable[[Expr], Code]) -> Code:
    return branch(free(use), seq(take(use), k(TRUE)), k(FALSE))


def try_take_shared(use: LockUse, k: Callable[[Expr], Code]) -> Code:
    return branch(free_to_share(use), seq(take_shared(use), k(TRUE)), k(FALSE))


def holders(use: LockUse, shared: bool) -> tuple[Holder, ...]:
    """Who keeps somebody from taking it, for the report of a deadlock: a writer, and for another
    writer the readers, for a reader the writers that are queued."""
    found = [Holder(_writer(use))]
    cells = use.shape.queued if shared else use.shape.readers
    if cells is not None:
        for agent in values(cells.dims[-1]):
            cell = Read(cells, (*use.index, Const(agent, cells.dims[-1])))
            found.append(Holder(compare(BinOp.GT, cell, number(0)), agent))
    return tuple(found)


def _writer(use: LockUse) -> Expr:
    return Read(use.shape.writer, use.index)


def _nobody(use: LockUse) -> Const:
    return _none(use.shape.writer)


def _none(writer: Var) -> Const:
    assert isinstance(writer.type, Optional)
    return Const(absent(writer.type), writer.type)


def _anyone(cells: Var | None, index: tuple[Expr, ...], names: Names) -> Expr:
    if cells is None:
        return FALSE
    domain = cells.dims[-1]
    name = names.fresh("holder")
    cell = Read(cells, (*index, Bound(name, domain)))
    return quant(QuantKind.EXISTS, name, domain, compare(BinOp.GT, cell, number(0)))


def _shares(use: LockUse) -> Expr:
    assert use.shape.readers is not None and use.me is not None
    return compare(BinOp.GT, Read(use.shape.readers, (*use.index, use.me)), number(0))


def _count_reader(use: LockUse, change: int) -> Assign:
    readers = use.shape.readers
    assert readers is not None and use.me is not None
    cell = (*use.index, use.me)
    lo, hi = bounds(readers.type)
    text = f"{use.shown} is locked shared more than {hi} times by one actor"
    count = arith(BinOp.ADD, Read(readers, cell), number(change))
    site = ErrorSite("range", text, use.span)
    return Assign(readers, cell, check(count, lo, hi, site, readers.type))
