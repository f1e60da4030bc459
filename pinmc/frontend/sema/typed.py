"""The typed tree of one design: what ``sema`` promises and ``lower`` relies on.

Names are symbols, types are checked, constants and choices are values, implicit conversions are
``Convert`` nodes, compound assignments are plain ones. Symbols compare by identity; their bodies
are filled in after all declarations are known.
"""

from __future__ import annotations

import enum
from dataclasses import field
from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.frontend.sema.types import Type
from pinmc.ir.command import Fairness
from pinmc.ir.property import Expectation, PropertyKind
from pinmc.ir.system import Constant

# --- symbols -----------------------------------------------------------------------------------


class LocalKind(enum.Enum):
    VAR = "var"
    CHOOSE = "choose"
    PARAM = "parameter"
    BINDER = "binder"
    ACTOR = "actor index"
    LOOP = "loop variable"


@dataclass(eq=False, slots=True)
class Local:
    """A name of limited life. ``assigned``: somewhere written after its declaration.

    BINDER, ACTOR, CHOOSE and LOOP names are never assigned.
    """

    name: str
    type: Type
    kind: LocalKind
    span: Span
    assigned: bool = False


@dataclass(eq=False, slots=True)
class Variable:
    """A shared or ghost variable. ``name`` is unique in the spec and what reports show
    (``io``, or ``policy.state`` for an aliased module). ``type`` is without ``dims``.

    ``init`` may mention ``binders`` (one per dim) and constants; ``any``: any value, such that
    ``where`` (over ``binders`` and the variable itself). ``init`` None and not ``any``: default.
    ``cost``: a counter outside the state, of which nothing but ``name += amount`` is allowed.
    """

    name: str
    dims: tuple[Type, ...]
    binders: tuple[Local, ...]
    type: Type
    ghost: bool
    span: Span
    doc: str = ""
    init: Expr | None = None
    any: bool = False
    where: Expr | None = None
    cost: bool = False


@dataclass(eq=False, slots=True)
class Lock:
    name: str
    dims: tuple[Type, ...]
    rw: bool
    unfair: bool
    crossrelease: bool
    span: Span
    doc: str = ""


@dataclass(eq=False, slots=True)
class Def:
    name: str
    params: tuple[Local, ...]
    type: Type
    body: Expr
    span: Span


@dataclass(eq=False, slots=True)
class Action:
    """``shown``: the ``as`` text without trailing brackets, or the name."""

    name: str
    shown: str
    params: tuple[Local, ...]
    result: Type | None
    when: Expr | None
    body: Block
    fairness: Fairness
    imported: bool
    span: Span
    doc: str = ""


@dataclass(eq=False, slots=True)
class Proc:
    name: str
    shown: str
    params: tuple[Local, ...]
    result: Type | None
    body: Block
    imported: bool
    span: Span
    doc: str = ""


@dataclass(eq=False, slots=True)
class Actor:
    name: str
    shown: str
    params: tuple[Local, ...]
    body: Block
    dormant: bool
    fairness: Fairness
    span: Span
    doc: str = ""


@dataclass(eq=False, slots=True)
class Rule:
    name: str
    shown: str
    params: tuple[Local, ...]
    when: Expr | None
    body: Block
    fairness: Fairness
    imported: bool
    span: Span
    doc: str = ""


# --- expressions: each has a type and a span ---------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Const:
    """A scalar value, encoded as in ``ir.types`` (enum position, scalarset member, 0/1)."""

    value: int
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class NoneConst:
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class VarRef:
    """A whole variable: of type ArrayT(dims, type) if it has dims."""

    variable: Variable
    primed: bool
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class LockRef:
    lock: Lock
    indices: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class LocalRef:
    local: Local
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class ActorLocal:
    """``gup[u].page`` in a property: a local declared in the body of ``actor``."""

    actor: Actor
    indices: tuple[Expr, ...]
    local: Local
    primed: bool
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Index:
    """An element of an array (all its dims given) or of a queue (one Int index from the front)."""

    base: Expr
    indices: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    base: Expr
    name: str
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Unary:
    """``not`` on bool; ``-`` on int and words; ``~`` on words."""

    op: str
    operand: Expr
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Binary:
    """``op``: and or implies iff == != < <= > >= in + - * / % | & ^ << >>.

    Operands have been converted: both sides of == and != have the same type; arithmetic is on
    Int/Range operands (type Int) or on one Word type (type that Word, wraps); | & - <= on equal
    SetT; ``in``: scalar and SetT of its type. Range operands of arithmetic stay Range.
    """

    op: str
    left: Expr
    right: Expr
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Cond:
    cond: Expr
    then: Expr
    orelse: Expr
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Quant:
    """``kind``: forall exists (bool) count sum (Int). ``where`` None or bool."""

    kind: str
    binders: tuple[Local, ...]
    where: Expr | None
    body: Expr
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class SetLit:
    elements: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class RecordLit:
    """``values`` for all fields in declaration order; None: the field's default."""

    values: tuple[Expr | None, ...]
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Builtin:
    """``name``: len head full empty size min max held locked."""

    name: str
    args: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class At:
    """``actor[indices] at label``; label ``end`` is the end of its code (or dormant)."""

    actor: Actor
    indices: tuple[Expr, ...]
    label: str
    type: Type
    span: Span


class Conversion(enum.Enum):
    """SOME: T to T?. UNWRAP: T? to T, found error ``absent``. INT: word, range or int to Int.
    WRAP: any integer to a word. CHECK: int or range to Range, found error ``range``."""

    SOME = "some"
    UNWRAP = "unwrap"
    INT = "int"
    WRAP = "wrap"
    CHECK = "check"


@dataclass(frozen=True, eq=False, slots=True)
class Convert:
    kind: Conversion
    operand: Expr
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class DefCall:
    definition: Def
    args: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class CallValue:
    """The result of an action, a proc, or the built-in ``pop``, ``trylock``, ``trylock_shared``.

    Only as a whole right-hand side (perhaps under one Convert), or as the leftmost leaf of a
    condition. For built-ins ``callee`` is the name.
    """

    callee: Action | Proc | str
    args: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Nondet:
    """Only as a whole condition of ``if`` or ``while``."""

    type: Type
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Temporal:
    """``op``: always eventually until leads_to not and or implies; type FormulaT."""

    op: str
    operands: tuple[Expr, ...]
    type: Type
    span: Span


Expr: TypeAlias = (
    Const
    | NoneConst
    | VarRef
    | LockRef
    | LocalRef
    | ActorLocal
    | Index
    | Field
    | Unary
    | Binary
    | Cond
    | Quant
    | SetLit
    | RecordLit
    | Builtin
    | At
    | Convert
    | DefCall
    | CallValue
    | Nondet
    | Temporal
)

# --- statements --------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    stmts: tuple[Stmt, ...]
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Assign:
    """``target`` is built of VarRef, LocalRef, Index, Field; ``value`` has its type exactly, save
    that an Int value may go to a Range target (checked) and a Range into a wider or narrower one.
    """

    target: Expr
    value: Expr
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Call:
    """A call of an action or proc (its result dropped), or of a built-in: push clear pop lock
    trylock unlock lock_shared trylock_shared unlock_shared downgrade."""

    callee: Action | Proc | str
    args: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Declare:
    local: Local
    value: Expr | None
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Choose:
    """Without ``body`` the binders live to the end of the enclosing block."""

    binders: tuple[Local, ...]
    where: Expr | None
    body: Block | None
    orelse: Block | None
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class If:
    cond: Expr
    then: Block
    orelse: Block | None
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class While:
    cond: Expr
    body: Block
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Loop:
    body: Block
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class For:
    binder: Local
    where: Expr | None
    body: Block
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Either:
    branches: tuple[Block, ...]
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Atomic:
    body: Block
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Await:
    cond: Expr
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Skip:
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Break:
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Continue:
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Return:
    """``value`` has the enclosing action's or proc's result type."""

    value: Expr | None
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Assert:
    label: str | None
    cond: Expr
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Start:
    actor: Actor
    args: tuple[Expr, ...]
    span: Span


@dataclass(frozen=True, eq=False, slots=True)
class Marked:
    label: str | None
    end: bool
    fairness: Fairness
    stmt: Stmt
    span: Span


Stmt: TypeAlias = (
    Assign
    | Call
    | Declare
    | Choose
    | If
    | While
    | Loop
    | For
    | Either
    | Atomic
    | Await
    | Skip
    | Break
    | Continue
    | Return
    | Assert
    | Start
    | Marked
)

# --- the whole ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Claim:
    """INVARIANT, STEP_INVARIANT, REACHABLE, LEMMA or TEMPORAL."""

    kind: PropertyKind
    name: str
    body: Expr
    span: Span
    doc: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Spec:
    """One design: every declaration of the root and of the modules it uses, in order (used
    modules before their users). ``expectations`` are those that apply to this design, with
    property names as in ``ir.property`` (``stuck(rdma)`` for an actor's).
    """

    name: str
    path: str
    constants: tuple[Constant, ...]
    variables: tuple[Variable, ...]
    locks: tuple[Lock, ...]
    actions: tuple[Action, ...]
    procs: tuple[Proc, ...]
    actors: tuple[Actor, ...]
    rules: tuple[Rule, ...]
    inits: tuple[Block, ...]
    claims: tuple[Claim, ...]
    expectations: tuple[Expectation, ...]
    stuck_actors: tuple[Actor, ...] = field(default=())
