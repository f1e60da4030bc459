"""Guarded atomic commands: the steps a system can take."""

from __future__ import annotations

import enum

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.ir.expr import Expr, Var
from pinmc.ir.stmt import Stmt
from pinmc.ir.types import Scalar


class Fairness(enum.Enum):
    NONE = "unfair"
    WEAK = "fair"
    STRONG = "strong fair"


@dataclass(frozen=True, slots=True)
class Param:
    """A value an instance of the command is made for: actor index, rule parameter, choice."""

    name: str
    domain: Scalar


@dataclass(frozen=True, slots=True)
class At:
    """The command belongs to place ``place`` of the actor whose counter is ``var``.

    The counter's indices are the command's first ``len(var.dims)`` parameters.
    """

    var: Var
    place: int


@dataclass(frozen=True, slots=True)
class Command:
    """All instances of one step, one for each value of ``params`` (row-major order).

    An instance is enabled when the actor is at ``at`` (if any), ``guard`` is true and no
    ``Assume`` or ``Unused`` met while executing ``body`` fails. Executing may end in a found
    error: then the step has no successor state. ``temps`` start at their least value.
    ``actor`` is the actor or rule family's name; ``name`` is unique and stable.
    """

    name: str
    actor: str
    params: tuple[Param, ...]
    at: At | None
    guard: Expr
    body: tuple[Stmt, ...]
    temps: tuple[Var, ...]
    span: Span
    fairness: Fairness = Fairness.NONE
