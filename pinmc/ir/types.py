"""Types of the intermediate representation.

A *scalar* type's values are Python ints, whatever the type: false/true are 0/1, an enum value its
position, a scalarset member 0..size-1, an actor instance its number in ``System.agents``. An
absent optional is one below the lowest value of the inner type, so unwrapping changes no bits.
Composite types (records, sets, queues, arrays, optional records) exist only in ``View``: lowering
has already split the variables that have them into scalar cells.
"""

from __future__ import annotations

from typing import TypeAlias

from pinmc.base.records import dataclass

INT64_MIN = -(2**63)
INT64_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Bool:
    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True)
class Enum:
    """``uid`` tells apart enums of the same name from different module instances."""

    name: str
    members: tuple[str, ...]
    uid: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from ``lo`` to ``hi``, both included."""

    lo: int
    hi: int

    def __str__(self) -> str:
        return f"{self.lo}..{self.hi}"


@dataclass(frozen=True, slots=True)
class Scalarset:
    """``named`` members come first (0, 1, …); only the others are interchangeable.

    Scalarsets: Ip and Dill, "Better verification through symmetry", 1996.
    """

    name: str
    size: int
    named: tuple[str, ...] = ()
    uid: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Word:
    """A machine word of ``width`` bits (1 to 64) with wrap-around, two's complement if signed."""

    width: int
    signed: bool

    def __str__(self) -> str:
        return f"{'sint' if self.signed else 'uint'}[{self.width}]"


@dataclass(frozen=True, slots=True)
class Int:
    """Unbounded in proofs; explored as signed 64 bits, checked."""

    def __str__(self) -> str:
        return "int"


@dataclass(frozen=True, slots=True)
class Place:
    """A program counter: 0..count-1 are the places of actor ``actor``."""

    actor: str
    count: int

    def __str__(self) -> str:
        return f"place of {self.actor}"


@dataclass(frozen=True, slots=True)
class Agent:
    """An actor instance, by its number in ``System.agents``: what holds a lock."""

    count: int

    def __str__(self) -> str:
        return "actor instance"


Basic: TypeAlias = Bool | Enum | Range | Scalarset | Word | Int | Place | Agent


@dataclass(frozen=True, slots=True)
class Optional:
    """A scalar that may be absent; absent is ``lo - 1`` of ``inner``. ``Int`` cannot be inner."""

    inner: Basic

    def __str__(self) -> str:
        return f"{self.inner}?"


Scalar: TypeAlias = Basic | Optional


def bounds(type_: Scalar) -> tuple[int, int]:
    """The least and the greatest value of a scalar type, both included."""
    match type_:
        case Bool():
            return 0, 1
        case Enum(members=members):
            return 0, len(members) - 1
        case Range(lo=lo, hi=hi):
            return lo, hi
        case Scalarset(size=size):
            return 0, size - 1
        case Word(width=width, signed=True):
            return -(2 ** (width - 1)), 2 ** (width - 1) - 1
        case Word(width=width):
            return 0, 2**width - 1
        case Int():
            return INT64_MIN, INT64_MAX
        case Place(count=count) | Agent(count=count):
            return 0, count - 1
        case Optional(inner=inner):
            lo, hi = bounds(inner)
            return lo - 1, hi


def absent(type_: Optional) -> int:
    """The value that stands for ``none``."""
    return bounds(type_.inner)[0] - 1


def size(type_: Scalar) -> int:
    """How many values the type has."""
    lo, hi = bounds(type_)
    return hi - lo + 1


def values(type_: Scalar) -> range:
    """All values in ascending order."""
    lo, hi = bounds(type_)
    return range(lo, hi + 1)


def member_name(type_: Scalar, value: int) -> str:
    """How a specification would write ``value``; scalarset members without a name get a number."""
    match type_:
        case Optional(inner=inner):
            return "none" if value == absent(type_) else member_name(inner, value)
        case Bool():
            return "true" if value else "false"
        case Enum(members=members) if 0 <= value < len(members):
            return members[value]
        case Scalarset(name=name, named=named):
            return named[value] if 0 <= value < len(named) else f"{name}{value}"
        case _:
            return str(value)
