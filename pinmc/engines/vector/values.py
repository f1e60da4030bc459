"""What a piece of generated NumPy code computes: its text and the kind of array it gives."""

from __future__ import annotations

import enum
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.intervals import Interval, fits64
from pinmc.ir.expr import BinOp


class Kind(enum.Enum):
    """The elements of an array: truth values, signed or unsigned 64 bits, or Python integers."""

    TRUTH = "truth"
    SIGNED = "int64"
    UNSIGNED = "uint64"
    WIDE = "wide"


WORD = Kind.UNSIGNED
"""What the words of a state are."""


@dataclass(frozen=True, slots=True)
class Value:
    """``text`` is a Python expression for an array with one element a row, in parentheses or as
    tight as if it were; or, where ``const`` is known, a literal of its own kind. ``opposite``: text
    for the other truth value, if there is some that takes no longer."""

    text: str
    kind: Kind
    const: int | None = None
    opposite: str = ""


def kind_of(of: Interval) -> Kind:
    """The narrowest kind that has all these numbers."""
    if fits64(of):
        return Kind.SIGNED
    if of[0] >= 0 and of[1] < 2**64:
        return Kind.UNSIGNED
    return Kind.WIDE


def constant(value: int) -> Value:
    """The same number in each row."""
    kind = kind_of((value, value))
    return Value(literal(value, kind), kind, value)


def literal(value: int, kind: Kind) -> str:
    """A number that fits, as an operand in ``kind``, which is no truth: by itself, or the name of
    an array without dimensions (see ``arrays_of``), which NumPy takes in half the time."""
    if kind is Kind.WIDE:
        return str(value) if value >= 0 else f"({value})"
    letter = "I" if kind is Kind.SIGNED else "U"
    return f"{letter}{value}" if value >= 0 else f"{letter}_{-value}"


_LITERAL = re.compile(r"\b(([IU])(_?)(\d+))\b")


def arrays_of(text: str) -> dict[str, NDArray[Any]]:
    """The arrays whose names ``literal`` put into generated code."""
    return {
        name: np.array(int(digits) * (-1 if sign else 1), np.int64 if letter == "I" else np.uint64)
        for name, letter, sign, digits in set(_LITERAL.findall(text))
    }


def truth_constant(value: bool) -> Value:
    return Value(str(value), Kind.TRUTH, int(value))


def as_kind(value: Value, kind: Kind) -> str:
    """The text of the value as an operand of arithmetic in ``kind``, which is no truth."""
    if value.const is not None:
        return literal(value.const, kind)
    if value.kind is kind:
        return value.text
    match value.kind, kind:
        case Kind.TRUTH, Kind.WIDE:
            return f"{value.text}.astype(int64).astype(object)"
        case Kind.TRUTH, _:
            return f"{value.text}.astype({kind.value})"
        case Kind.WIDE, _:
            return f"narrow({value.text}, {kind.value})"
        case _, Kind.WIDE:
            return f"{value.text}.astype(object)"
        case _:
            return f"{value.text}.view({kind.value})"


def as_array(value: Value, kind: Kind) -> str:
    """The same where a number by itself would not do: ``n`` is how many rows there are."""
    if value.const is not None:
        return f"full(n, {as_kind(value, kind)}, {dtype(kind)})"
    return as_kind(value, kind)


def dtype(kind: Kind) -> str:
    """How generated code calls the type of the elements."""
    return {Kind.TRUTH: "bool", Kind.WIDE: "object"}.get(kind, kind.value)


def negated(value: Value) -> Value:
    """The other truth value."""
    if value.const is not None:
        return truth_constant(not value.const)
    return Value(value.opposite or f"(~{value.text})", Kind.TRUTH, opposite=value.text)


def compared(left: str, op: BinOp, right: str) -> Value:
    """The truth of a comparison."""
    text, opposite = (f"({left} {each.value} {right})" for each in (op, _OPPOSITES[op]))
    return Value(text, Kind.TRUTH, opposite=opposite)


_OPPOSITES = {
    BinOp.EQ: BinOp.NE,
    BinOp.NE: BinOp.EQ,
    BinOp.LT: BinOp.GE,
    BinOp.GE: BinOp.LT,
    BinOp.GT: BinOp.LE,
    BinOp.LE: BinOp.GT,
}


def both(left: Value | None, right: Value) -> Value:
    """The conjunction; None is true everywhere."""
    if left is None or left.const:
        return right
    if left.const is not None or right.const:
        return left
    if right.const is not None:
        return right
    return Value(f"({left.text} & {right.text})", Kind.TRUTH, opposite=_joined(left, "|", right))


def either(left: Value, right: Value) -> Value:
    """The disjunction."""
    if left.const is not None:
        return left if left.const else right
    if right.const is not None:
        return right if right.const else left
    return Value(f"({left.text} | {right.text})", Kind.TRUTH, opposite=_joined(left, "&", right))


def _joined(left: Value, sign: str, right: Value) -> str:
    """The opposite of both together, by De Morgan's law."""
    if not (left.opposite and right.opposite):
        return ""
    return f"({left.opposite} {sign} {right.opposite})"
