"""Types of the source language: the scalars of ``ir.types`` and what is composed of them.

Word widths, range bounds, array sizes and scalarset sizes are plain ints here: constants and
choices are fixed before types are made.
"""

from __future__ import annotations

from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.ir.types import Bool, Enum, Int, Range, Scalarset, Word


@dataclass(frozen=True, slots=True)
class OptionalT:
    """``T?``; ``inner`` is a scalar (not ``int``) or a record."""

    inner: Type

    def __str__(self) -> str:
        return f"{self.inner}?"


@dataclass(frozen=True, slots=True)
class SetT:
    """``set T`` over a finite scalar."""

    element: Type

    def __str__(self) -> str:
        return f"set {self.element}"


@dataclass(frozen=True, slots=True)
class RecordT:
    """``uid`` tells apart records of the same name from different module instances."""

    name: str
    fields: tuple[tuple[str, Type], ...]
    uid: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class QueueT:
    capacity: int
    element: Type

    def __str__(self) -> str:
        return f"queue[{self.capacity}] {self.element}"


@dataclass(frozen=True, slots=True)
class ArrayT:
    """``element`` is never itself an ArrayT of a variable's own dims; nested arrays are merged."""

    dims: tuple[Type, ...]
    element: Type

    def __str__(self) -> str:
        return f"array[{', '.join(map(str, self.dims))}] {self.element}"


@dataclass(frozen=True, slots=True)
class LockT:
    """A mutex or rwlock: only for the lock built-ins."""

    rw: bool

    def __str__(self) -> str:
        return "rwlock" if self.rw else "mutex"


@dataclass(frozen=True, slots=True)
class FormulaT:
    """A temporal formula: only directly in a ``property``."""

    def __str__(self) -> str:
        return "temporal formula"


Scalar: TypeAlias = Bool | Enum | Range | Scalarset | Word | Int
Type: TypeAlias = Scalar | OptionalT | SetT | RecordT | QueueT | ArrayT | LockT | FormulaT


def is_finite_scalar(type_: Type) -> bool:
    """Whether the type can be an index, a set element or a quantifier's domain."""
    return isinstance(type_, Bool | Enum | Range | Scalarset | Word)
