"""Questions about types, the error type, and sizes."""

from __future__ import annotations

from pinmc.base.source import Span
from pinmc.frontend.sema import typed
from pinmc.frontend.sema.types import (
    ArrayT,
    FormulaT,
    LockT,
    OptionalT,
    QueueT,
    RecordT,
    SetT,
    Type,
)
from pinmc.ir.types import Bool, Enum, Int, Range, Scalarset, Word, size

MAX_VALUES = 1_000_000
"""Values of an index type, elements of a set's type, cells of a variable."""

MAX_PARTS = 2_000
"""Fields of a record, and of the records inside it."""

ERROR: Type = RecordT("<error>", ())
"""The type of what was reported already: it fits everywhere and says nothing."""

BOOL = Bool()
INT = Int()
FORMULA = FormulaT()


def error_at(span: Span) -> typed.Expr:
    """The expression that stands for one that was reported."""
    return typed.Const(0, ERROR, span)


def is_error(type_: Type) -> bool:
    """Whether the type, or a part of it, was reported."""
    match type_:
        case RecordT(name="<error>"):
            return True
        case OptionalT(inner=inner):
            return is_error(inner)
        case SetT(element=element) | QueueT(element=element) | ArrayT(element=element):
            return is_error(element)
        case _:
            return False


def is_integer(type_: Type) -> bool:
    """Whether the values are mathematical integers."""
    return isinstance(type_, Int | Range)


def is_domain(type_: Type) -> bool:
    """Whether the type has finitely many values that can be run through."""
    return isinstance(type_, Bool | Enum | Range | Scalarset | Word)


def stripped(type_: Type) -> Type:
    """The type without ``?``."""
    return type_.inner if isinstance(type_, OptionalT) else type_


def cells(type_: Type) -> int:
    """How many scalars a variable of the type is made of."""
    match type_:
        case OptionalT(inner=RecordT() as inner):
            return 1 + cells(inner)
        case SetT(element=element):
            return count(element)
        case RecordT(fields=fields):
            return sum(cells(t) for _, t in fields)
        case QueueT(capacity=capacity, element=element):
            return 1 + capacity * cells(element)
        case ArrayT(dims=dims, element=element):
            return product(dims) * cells(element)
        case _:
            return 1


def parts(type_: Type) -> int:
    """How many types the type is written with, those of its fields included."""
    match type_:
        case OptionalT(inner=inner) | SetT(element=inner) | QueueT(element=inner):
            return 1 + parts(inner)
        case ArrayT(element=element):
            return 1 + parts(element)
        case RecordT(fields=fields):
            return 1 + sum(parts(t) for _, t in fields)
        case _:
            return 1


def count(type_: Type) -> int:
    """How many values a scalar type has; more than any limit for ``int``."""
    match type_:
        case Bool() | Enum() | Range() | Scalarset() | Word() | Int():
            return size(type_)
        case _:
            return 1


def product(dims: tuple[Type, ...]) -> int:
    """How many elements an array over ``dims`` has."""
    total = 1
    for dim in dims:
        total *= count(dim)
    return total


def shown(type_: Type) -> str:
    """The type with its article, for messages."""
    match type_:
        case Int():
            return "an integer"
        case Bool():
            return "a bool"
        case Enum() | Scalarset() | RecordT():
            return f"a value of {type_}"
        case LockT():
            return f"a {type_}"
        case FormulaT():
            return "a temporal formula"
        case OptionalT() | SetT() | QueueT() | ArrayT() | Range() | Word():
            return f"of type {type_}"


def local_kind(local: typed.Local) -> str:
    """What kind of name a local is, with its article."""
    return {
        typed.LocalKind.VAR: "a local variable",
        typed.LocalKind.CHOOSE: "a chosen value",
        typed.LocalKind.PARAM: "a parameter",
        typed.LocalKind.BINDER: "the variable of a quantifier",
        typed.LocalKind.ACTOR: "the index of an actor",
        typed.LocalKind.LOOP: "a loop variable",
    }[local.kind]


def quote(span: Span) -> str:
    """The source text of ``span`` in quotes, on one line, not too long."""
    text = " ".join(span.text.split())
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"
