"""Statements of a command: executed in order on a copy of the state, all or nothing."""

from __future__ import annotations

from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.ir.expr import ErrorSite, Expr, Var
from pinmc.ir.types import Scalar


@dataclass(frozen=True, slots=True)
class Assign:
    """Writes one cell. The value is within ``var.type`` (checked or wrapped by lowering)."""

    var: Var
    index: tuple[Expr, ...]
    value: Expr


@dataclass(frozen=True, slots=True)
class If:
    cond: Expr
    then: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class For:
    """``body`` once for each value of ``domain``, ascending."""

    name: str
    domain: Scalar
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Assume:
    """The command instance is not enabled unless ``cond`` holds here."""

    cond: Expr


@dataclass(frozen=True, slots=True)
class Assert:
    """A found error at ``site`` unless ``cond`` holds here."""

    cond: Expr
    site: ErrorSite


@dataclass(frozen=True, slots=True)
class Mark:
    """Executing this counts for ``System.marks[mark]``: names of steps in traces, and coverage.

    ``args`` are what a trace shows in brackets; engines that explore need not evaluate them, and
    they never fail.
    """

    mark: int
    args: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Unused:
    """Parameter ``name`` plays no part on this path: not enabled unless it has its least value.

    Keeps the number of transitions independent of parameters that a path does not look at.
    """

    name: str
    domain: Scalar


Stmt: TypeAlias = Assign | If | For | Assume | Assert | Mark | Unused
