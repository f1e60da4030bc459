"""Pieces of a command under construction, and the names in it."""

from __future__ import annotations

from typing import cast

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.frontend.lower.build import and_, not_
from pinmc.ir.command import Param
from pinmc.ir.expr import TRUE, Const, Expr
from pinmc.ir.stmt import Assume, If, Mark, Stmt, Unused


@dataclass(frozen=True, slots=True)
class Code:
    """Statements, and the parameters (choices) they look at."""

    stmts: tuple[Stmt, ...] = ()
    params: tuple[Param, ...] = ()


NOTHING = Code()


def code(*stmts: Stmt) -> Code:
    return Code(stmts)


def seq(*parts: Code) -> Code:
    """One after the other; a parameter of several parts is the same choice."""
    stmts: list[Stmt] = []
    params: dict[str, Param] = {}
    for part in parts:
        stmts.extend(part.stmts)
        params.update({p.name: p for p in part.params})
    return Code(tuple(stmts), tuple(params.values()))


def branch(cond: Expr, then: Code, orelse: Code) -> Code:
    """``if cond``; a side that ignores the other side's choices pins them to their least value,
    so that one outcome is one transition."""
    if isinstance(cond, Const):
        return then if cond.value else orelse
    mine = {p.name for p in then.params}
    theirs = {p.name for p in orelse.params}
    then_stmts = (*_unused(orelse, mine), *then.stmts)
    else_stmts = (*_unused(then, theirs), *orelse.stmts)
    if not then_stmts and not else_stmts:
        return Code((), seq(then, orelse).params)
    return Code((If(cond, then_stmts, else_stmts),), seq(then, orelse).params)


def _unused(other: Code, known: set[str]) -> tuple[Stmt, ...]:
    return tuple(Unused(p.name, p.domain) for p in other.params if p.name not in known)


def assume(cond: Expr) -> Code:
    return NOTHING if cond == TRUE else Code((Assume(cond),))


def assume_not(cond: Expr) -> Code:
    return assume(not_(cond))


def split_guard(stmts: tuple[Stmt, ...]) -> tuple[Expr, tuple[Stmt, ...]]:
    """The leading assumptions as one guard, and the rest; marks do not stand in the way."""
    guard: Expr = TRUE
    marks: list[Stmt] = []
    for position, stmt in enumerate(stmts):
        if isinstance(stmt, Assume):
            guard = and_(guard, stmt.cond)
        elif isinstance(stmt, Mark):
            marks.append(stmt)
        else:
            return guard, (*marks, *stmts[position:])
    return guard, tuple(marks)


class Names:
    """Unique names of bound variables: the first use of a name keeps it as written."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

    def fresh(self, name: str) -> str:
        number = self._used.get(name, 0) + 1
        self._used[name] = number
        return name if number == 1 else f"{name}~{number}"


@dataclass(frozen=True, eq=False, slots=True)
class Goto:
    """A placeholder among statements: the actor goes on at ``node``; replaced on emission."""

    node: object


@dataclass(frozen=True, eq=False, slots=True)
class Begin:
    """A placeholder: instance ``args`` of the dormant ``actor`` begins."""

    actor: object
    args: tuple[Expr, ...]
    span: Span


def goto(node: object) -> Code:
    return Code((cast(Stmt, Goto(node)),))


def begin(actor: object, args: tuple[Expr, ...], span: Span) -> Code:
    return Code((cast(Stmt, Begin(actor, args, span)),))
