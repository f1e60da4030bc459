"""What names stand for: entries of a module instance, and the locals around a place."""

from __future__ import annotations

import enum
from dataclasses import field
from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.sources import Module
from pinmc.frontend.sema.types import Type
from pinmc.frontend.syntax import ast


@dataclass(frozen=True, eq=False, slots=True)
class ConstSymbol:
    """A constant or choice and its value."""

    value: typed.Const


@dataclass(frozen=True, eq=False, slots=True)
class TypeSymbol:
    type: Type


@dataclass(frozen=True, eq=False, slots=True)
class Broken:
    """Something that was reported; whatever is made of it is accepted in silence."""


BROKEN = Broken()

Symbol: TypeAlias = (
    ConstSymbol
    | TypeSymbol
    | typed.Variable
    | typed.Lock
    | typed.Def
    | typed.Action
    | typed.Proc
    | typed.Actor
    | typed.Rule
    | typed.Claim
    | Broken
)


class Status(enum.Enum):
    NEW = "new"
    BUSY = "busy"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class MemberName:
    """The value of a constant given by name, to be read once the constant's type is known."""

    text: str
    span: Span


Given: TypeAlias = typed.Const | MemberName

NamedDecl: TypeAlias = (
    ast.ConstDecl
    | ast.ChoiceDecl
    | ast.TypeDecl
    | ast.ScalarsetDecl
    | ast.EnumDecl
    | ast.RecordDecl
    | ast.VarDecl
    | ast.CostDecl
    | ast.LockDecl
    | ast.DefDecl
    | ast.ActionDecl
    | ast.ProcDecl
    | ast.ActorDecl
    | ast.RuleDecl
    | ast.ClaimDecl
)

Parameter: TypeAlias = ast.ConstDecl | ast.ChoiceDecl | ast.TypeDecl


@dataclass(eq=False, slots=True)
class Entry:
    """One declared name of an instance; ``symbol`` is there when ``status`` is DONE.

    ``body_done``: the symbol's body is checked as well. ``used``: some name refers to it.
    ``shown``: its name in reports, unique in the specification.
    """

    decl: NamedDecl
    home: Instance
    status: Status = Status.NEW
    body_done: bool = False
    used: bool = False
    shown: str = ""
    symbol: Symbol = BROKEN

    @property
    def name(self) -> str:
        return self.decl.name.name

    @property
    def span(self) -> Span:
        return self.decl.name.span

    @property
    def is_parameter(self) -> bool:
        """A constant, choice or type parameter: what users of the module may hide."""
        decl = self.decl
        if isinstance(decl, ast.TypeDecl):
            return decl.type is None
        return isinstance(decl, ast.ConstDecl | ast.ChoiceDecl)


@dataclass(frozen=True, eq=False, slots=True)
class Import:
    """A ``use`` that is active in this design."""

    qualifier: str
    aliased: bool
    instance: Instance
    span: Span


@dataclass(eq=False, slots=True)
class Instance:
    """A module with its arguments. ``prefix`` goes before the names of an aliased one."""

    module: Module
    number: int
    prefix: str
    is_root: bool
    types: dict[str, Type]
    constants: dict[str, Given]
    entries: dict[str, Entry] = field(default_factory=dict)
    imports: list[Import] = field(default_factory=list)
    pending: list[ast.UseDecl] = field(default_factory=list)
    inactive: dict[str, Span] = field(default_factory=dict)

    @property
    def uid(self) -> str:
        """Tells apart the types of this instance from those of others."""
        return "" if self.is_root else f"{self.module.name}#{self.number}"


Meaning: TypeAlias = typed.Local | typed.Const
"""What a local name stands for: a local, or a constant where a formula is unfolded."""


class Locals:
    """The names of limited life around a place, innermost last."""

    def __init__(self) -> None:
        self._blocks: list[dict[str, Meaning]] = [{}]

    def push(self) -> None:
        self._blocks.append({})

    def pop(self) -> None:
        self._blocks.pop()

    def find(self, name: str) -> Meaning | None:
        for block in reversed(self._blocks):
            if name in block:
                return block[name]
        return None

    def add(self, name: str, meaning: Meaning) -> None:
        self._blocks[-1][name] = meaning

    def names(self) -> set[str]:
        return {name for block in self._blocks for name in block}
