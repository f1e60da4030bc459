"""Expressions over one state (or two, for step invariants): typed, resolved, scalar.

Evaluation is left to right; ``and``, ``or``, ``implies``, ``Ite`` and the quantifiers evaluate
only what they need. Arithmetic is mathematical: what may leave a type is wrapped in ``Check``
(a found error) or ``Wrap`` (machine words) by lowering, so engines never guess.
"""

from __future__ import annotations

import enum
from dataclasses import field
from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.base.source import NOWHERE, Span
from pinmc.ir.types import Bool, Int, Optional, Scalar


class Storage(enum.Enum):
    """What a variable is for. TEMP lives within one command and is no part of the state."""

    SHARED = "shared"
    GHOST = "ghost"
    LOCAL = "local"
    PLACE = "place"
    LOCK = "lock"
    TEMP = "temp"


@dataclass(frozen=True, slots=True)
class Var:
    """A scalar cell, or an array of them over ``dims`` (finite scalar types, row-major).

    ``name`` is unique in a System; ``offset`` is the first slot in the state vector (or in the
    temporaries, for TEMP). ``actor`` names the owner of locals and program counters.
    """

    name: str
    type: Scalar
    dims: tuple[Scalar, ...] = ()
    storage: Storage = Storage.SHARED
    offset: int = field(default=0, compare=False)
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorSite:
    """Where and how a step can go wrong.

    ``kind``: range, index, overflow, absent, unset, full, empty, unlock, blocking, assert,
    divide, shift, start. ``claim`` is the property it counts under: ``errors``, or the label of
    an assert. ``text`` is a sentence about what went wrong, in the specification's words.
    """

    kind: str
    text: str
    span: Span
    claim: str = "errors"


@dataclass(frozen=True, slots=True)
class Const:
    value: int
    type: Scalar


@dataclass(frozen=True, slots=True)
class Bound:
    """A command parameter, or the variable of an enclosing quantifier or ``For``. Unique names."""

    name: str
    type: Scalar


@dataclass(frozen=True, slots=True)
class Read:
    """The value of a cell; indices are within bounds (lowering has put ``Check`` where needed).

    ``primed`` reads the state after the step, in step invariants only.
    """

    var: Var
    index: tuple[Expr, ...] = ()
    primed: bool = False


class UnOp(enum.Enum):
    NOT = "not"
    NEG = "-"
    INVERT = "~"


class BinOp(enum.Enum):
    AND = "and"
    OR = "or"
    IMPLIES = "implies"
    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    ADD = "+"
    SUB = "-"
    MUL = "*"
    DIV = "/"
    MOD = "%"
    BITAND = "&"
    BITOR = "|"
    BITXOR = "^"
    SHL = "<<"
    SHR = ">>"
    MIN = "min"
    MAX = "max"


LOGICAL = frozenset({BinOp.AND, BinOp.OR, BinOp.IMPLIES})
COMPARISON = frozenset({BinOp.EQ, BinOp.NE, BinOp.LT, BinOp.LE, BinOp.GT, BinOp.GE})


@dataclass(frozen=True, slots=True)
class Unary:
    op: UnOp
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """Logical and comparison operators give Bool, the others mathematical integers.

    Division truncates towards zero as in C and the remainder has the dividend's sign; a zero
    divisor is excluded by a ``Require`` around it. Bit operations are on the two's complement.
    """

    op: BinOp
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Ite:
    cond: Expr
    then: Expr
    orelse: Expr


class QuantKind(enum.Enum):
    FORALL = "forall"
    EXISTS = "exists"
    COUNT = "count"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Quant:
    """Over all values of the finite ``domain`` in ascending order. COUNT and SUM give Int."""

    kind: QuantKind
    name: str
    domain: Scalar
    body: Expr


@dataclass(frozen=True, slots=True)
class Check:
    """``operand``, now of ``type``, if it lies in ``lo..hi``, else a found error at ``site``."""

    operand: Expr
    lo: int
    hi: int
    site: ErrorSite
    type: Scalar


@dataclass(frozen=True, slots=True)
class Require:
    """``operand`` if ``cond`` is true, else a found error at ``site``; ``cond`` comes first."""

    cond: Expr
    operand: Expr
    site: ErrorSite


@dataclass(frozen=True, slots=True)
class Wrap:
    """``operand`` modulo 2**width, as a machine word."""

    operand: Expr
    width: int
    signed: bool


@dataclass(frozen=True, slots=True)
class AgentOf:
    """The number of the actor instance ``actor[args]``: ``base`` plus the row-major index."""

    actor: str
    base: int
    args: tuple[Expr, ...]
    domains: tuple[Scalar, ...]
    count: int


Expr: TypeAlias = (
    Const | Bound | Read | Unary | Binary | Ite | Quant | Check | Require | Wrap | AgentOf
)

TRUE = Const(1, Bool())
FALSE = Const(0, Bool())


def type_of(expr: Expr) -> Scalar:
    """The scalar type of an expression; arithmetic is ``Int`` until checked or wrapped."""
    from pinmc.ir.types import Agent, Word

    match expr:
        case Const(type=type_) | Bound(type=type_) | Check(type=type_):
            return type_
        case Read(var=var):
            return var.type
        case Unary(op=UnOp.NOT):
            return Bool()
        case Unary():
            return Int()
        case Binary(op=op):
            return Bool() if op in LOGICAL or op in COMPARISON else Int()
        case Ite(then=then, orelse=orelse):
            first = type_of(then)
            return type_of(orelse) if isinstance(first, Int) else _wider(first, type_of(orelse))
        case Quant(kind=kind):
            return Bool() if kind in (QuantKind.FORALL, QuantKind.EXISTS) else Int()
        case Require(operand=operand):
            return type_of(operand)
        case Wrap(width=width, signed=signed):
            return Word(width, signed)
        case AgentOf(count=count):
            return Agent(count)


def _wider(a: Scalar, b: Scalar) -> Scalar:
    if a == b:
        return a
    return b if isinstance(b, Optional) else a if isinstance(a, Optional) else Int()


def children(expr: Expr) -> tuple[Expr, ...]:
    """Direct subexpressions, in order of evaluation."""
    match expr:
        case Const() | Bound():
            return ()
        case Read(index=index):
            return index
        case Unary(operand=operand) | Check(operand=operand) | Wrap(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Ite(cond=cond, then=then, orelse=orelse):
            return (cond, then, orelse)
        case Quant(body=body):
            return (body,)
        case Require(cond=cond, operand=operand):
            return (cond, operand)
        case AgentOf(args=args):
            return args


def with_children(expr: Expr, new: tuple[Expr, ...]) -> Expr:
    """The same node over other subexpressions, in the order of ``children``."""
    match expr:
        case Const() | Bound():
            return expr
        case Read(var=var, primed=primed):
            return Read(var, new, primed)
        case Unary(op=op):
            return Unary(op, new[0])
        case Check(lo=lo, hi=hi, site=site, type=type_):
            return Check(new[0], lo, hi, site, type_)
        case Wrap(width=width, signed=signed):
            return Wrap(new[0], width, signed)
        case Binary(op=op):
            return Binary(op, new[0], new[1])
        case Ite():
            return Ite(new[0], new[1], new[2])
        case Quant(kind=kind, name=name, domain=domain):
            return Quant(kind, name, domain, new[0])
        case Require(site=site):
            return Require(new[0], new[1], site)
        case AgentOf(actor=actor, base=base, domains=domains, count=count):
            return AgentOf(actor, base, new, domains, count)


NO_SITE = ErrorSite("none", "", NOWHERE)
