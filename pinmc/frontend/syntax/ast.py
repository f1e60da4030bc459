"""The syntax tree, as written: names unresolved, nothing typed, every node with its span.

Sequences are tuples, so trees compare and hash; spans do not take part in comparison, so a tree
equals the tree of its pretty-printed text.
"""

from __future__ import annotations

import enum
from dataclasses import field
from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.base.source import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Ident:
    """A name where it is written; dotted ones (``policy.recall``) keep their dots."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)


# --- types -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NamedType:
    """``bool``, ``int``, ``u32`` or a declared type."""

    name: Ident
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RangeType:
    lo: Expr
    hi: Expr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class WordType:
    """``uint[W]`` or ``sint[W]``."""

    signed: bool
    width: Expr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OptionalType:
    inner: TypeExpr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SetType:
    element: TypeExpr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class QueueType:
    capacity: Expr
    element: TypeExpr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ArrayType:
    """``array[Page, 0..3] T``: for locals and record fields; variables put indices on the name."""

    dims: tuple[TypeExpr, ...]
    element: TypeExpr
    span: Span = field(default=NOWHERE, compare=False)


TypeExpr: TypeAlias = (
    NamedType | RangeType | WordType | OptionalType | SetType | QueueType | ArrayType
)


# --- expressions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IntLit:
    value: int
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class BoolLit:
    value: bool
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NoneLit:
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NameExpr:
    """A bare name; ``primed`` for ``x'`` in step invariants."""

    name: str
    primed: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class IndexExpr:
    """``base[indices]``: array or queue element, actor instance."""

    base: Expr
    indices: tuple[Expr, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FieldExpr:
    """``base.name``: record field, actor's local, ``Enum.value``, ``module.name``."""

    base: Expr
    name: Ident
    primed: bool = False
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """``name`` is None for a positional argument."""

    name: Ident | None
    value: Expr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class CallExpr:
    """``callee(args)``: def, action, proc, conversion, record literal or built-in function."""

    callee: Ident
    args: tuple[Argument, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class UnaryExpr:
    """``op``: not - ~ always eventually."""

    op: str
    operand: Expr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class BinaryExpr:
    """``op``: iff implies until leads_to or and == != < <= > >= in | ^ & << >> + - * / %.

    ``not in`` is ``not (a in b)``.
    """

    op: str
    left: Expr
    right: Expr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class CondExpr:
    """``if cond then a else b``."""

    cond: Expr
    then: Expr
    orelse: Expr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Binder:
    name: Ident
    type: TypeExpr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class QuantExpr:
    """``forall p: Page, q: Page where c { e }``; ``kind``: forall exists count sum."""

    kind: str
    binders: tuple[Binder, ...]
    where: Expr | None
    body: Expr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SetLit:
    """``{a, b}``."""

    elements: tuple[Expr, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AtExpr:
    """``actor[u] at label``."""

    actor: Expr
    label: Ident
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NondetExpr:
    """``nondet``, only as a whole condition."""

    span: Span = field(default=NOWHERE, compare=False)


Expr: TypeAlias = (
    IntLit
    | BoolLit
    | NoneLit
    | NameExpr
    | IndexExpr
    | FieldExpr
    | CallExpr
    | UnaryExpr
    | BinaryExpr
    | CondExpr
    | QuantExpr
    | SetLit
    | AtExpr
    | NondetExpr
)


# --- statements --------------------------------------------------------------------------------


class Fair(enum.Enum):
    NONE = ""
    WEAK = "fair"
    STRONG = "strong fair"


@dataclass(frozen=True, slots=True)
class Block:
    stmts: tuple[Stmt, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AssignStmt:
    """``op``: = += -= *= |= &= ^=. ``value`` may be a call of an action or proc."""

    target: Expr
    op: str
    value: Expr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class CallStmt:
    call: CallExpr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class VarStmt:
    """``var x: T = e``; ``value`` may be a call."""

    name: Ident
    type: TypeExpr
    value: Expr | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ChooseStmt:
    """``choose x: T, y: U where e``, alone (the names live to the end of the block), or with a
    ``body`` in which they live, and then perhaps ``else``."""

    binders: tuple[Binder, ...]
    where: Expr | None
    body: Block | None
    orelse: Block | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class IfStmt:
    """``else if`` is an ``orelse`` block holding just another IfStmt."""

    cond: Expr
    then: Block
    orelse: Block | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class WhileStmt:
    cond: Expr
    body: Block
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class LoopStmt:
    body: Block
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ForStmt:
    binder: Binder
    where: Expr | None
    body: Block
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class EitherStmt:
    branches: tuple[Block, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AtomicStmt:
    body: Block
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AwaitStmt:
    cond: Expr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SkipStmt:
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class BreakStmt:
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ContinueStmt:
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ReturnStmt:
    value: Expr | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AssertStmt:
    label: Ident | None
    cond: Expr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class StartStmt:
    """``start child[u]``."""

    actor: Ident
    args: tuple[Expr, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class MarkedStmt:
    """``label: stmt``, ``end stmt``, ``fair stmt``, in any order before the statement."""

    label: Ident | None
    end: bool
    fair: Fair
    stmt: Stmt
    span: Span = field(default=NOWHERE, compare=False)


Stmt: TypeAlias = (
    AssignStmt
    | CallStmt
    | VarStmt
    | ChooseStmt
    | IfStmt
    | WhileStmt
    | LoopStmt
    | ForStmt
    | EitherStmt
    | AtomicStmt
    | AwaitStmt
    | SkipStmt
    | BreakStmt
    | ContinueStmt
    | ReturnStmt
    | AssertStmt
    | StartStmt
    | MarkedStmt
)


# --- declarations ------------------------------------------------------------------------------
# ``doc`` is the text of the /// comments before a declaration.


@dataclass(frozen=True, slots=True)
class ModuleArgument:
    """A type or a constant for a module; a bare name can be either and is kept as ``value``."""

    name: Ident | None
    value: Expr | None
    type: TypeExpr | None
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class UseDecl:
    """``use fs.btrfs(PAGES = 1) as fs when X == y``."""

    module: Ident
    args: tuple[ModuleArgument, ...]
    alias: Ident | None
    when: Expr | None
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ConstDecl:
    """Without ``value``, a module's user must give one. ``free``: left free in proofs by default
    (``free const``)."""

    name: Ident
    type: TypeExpr | None
    where: Expr | None
    value: Expr | None
    free: bool = False
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ChoiceDecl:
    name: Ident
    options: tuple[Ident, ...]
    default: Ident
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TypeDecl:
    """``type Off = 0..3``; without a type it is a parameter of the module."""

    name: Ident
    type: TypeExpr | None
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ScalarsetDecl:
    name: Ident
    size: Expr
    named: tuple[Ident, ...]
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class EnumDecl:
    name: Ident
    members: tuple[Ident, ...]
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class FieldDecl:
    name: Ident
    type: TypeExpr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RecordDecl:
    name: Ident
    fields: tuple[FieldDecl, ...]
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class IndexDecl:
    """``Page`` or ``p: Page`` between the brackets of a variable."""

    name: Ident | None
    type: TypeExpr
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class VarDecl:
    """``init`` is None, an expression, or absent with ``any`` set (and perhaps ``where``)."""

    name: Ident
    indices: tuple[IndexDecl, ...]
    type: TypeExpr
    ghost: bool
    init: Expr | None
    any: bool = False
    where: Expr | None = None
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class CostDecl:
    """``cost copies``: a counter outside the state, only ever added to."""

    name: Ident
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class LockDecl:
    """``mutex l[Page] crossrelease`` or ``rwlock unfair l``."""

    name: Ident
    kind: str
    indices: tuple[TypeExpr, ...]
    unfair: bool
    crossrelease: bool
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class DefDecl:
    name: Ident
    params: tuple[Binder, ...]
    type: TypeExpr | None
    body: Expr
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ActionDecl:
    name: Ident
    params: tuple[Binder, ...]
    result: TypeExpr | None
    shown: str | None
    when: Expr | None
    body: Block
    fair: Fair = Fair.NONE
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ProcDecl:
    name: Ident
    params: tuple[Binder, ...]
    result: TypeExpr | None
    shown: str | None
    body: Block
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ActorDecl:
    name: Ident
    params: tuple[Binder, ...]
    shown: str | None
    dormant: bool
    fair: Fair
    body: Block
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class RuleDecl:
    name: Ident
    params: tuple[Binder, ...]
    shown: str | None
    when: Expr | None
    fair: Fair
    body: Block
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class InitDecl:
    body: Block
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ClaimDecl:
    """``kind``: invariant, step invariant, reachable, lemma, property."""

    kind: str
    name: Ident
    body: Expr
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ExpectDecl:
    """``expect stuck(rdma) violated in 9 by device_write when X == y``: ``actor`` is the rdma."""

    property: Ident
    actor: Ident | None
    verdict: Ident
    steps: Expr | None
    by: Ident | None
    when: Expr | None
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)


Decl: TypeAlias = (
    UseDecl
    | ConstDecl
    | ChoiceDecl
    | TypeDecl
    | ScalarsetDecl
    | EnumDecl
    | RecordDecl
    | VarDecl
    | CostDecl
    | LockDecl
    | DefDecl
    | ActionDecl
    | ProcDecl
    | ActorDecl
    | RuleDecl
    | InitDecl
    | ClaimDecl
    | ExpectDecl
)


@dataclass(frozen=True, slots=True)
class Module:
    """One file. ``doc`` is the comment block it begins with."""

    decls: tuple[Decl, ...]
    span: Span = field(default=NOWHERE, compare=False)
    doc: str = field(default="", compare=False)
