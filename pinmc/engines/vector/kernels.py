"""Functions that generated code calls. Rows in which an operation has no meaning get any number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pinmc.engines.vector.frame import Frame, Words
from pinmc.ir.evaluate import divide as _divide
from pinmc.ir.evaluate import remainder as _remainder

Array: TypeAlias = NDArray[Any]

_MASK64 = 2**64 - 1
_MOST_SHIFT = 126


def narrow(wide: Array, type_: type) -> Array:
    """Python integers as 64 bits; they fit, wherever anybody looks."""
    bits = (np.atleast_1d(wide) & _MASK64).astype(np.uint64)
    return bits.view(type_)


def choose(cond: Array, then: Any, orelse: Any) -> Array:
    """``where`` for Python integers."""
    found = np.empty(len(cond), object)
    found[:] = orelse
    found[cond] = then[cond] if isinstance(then, np.ndarray) else then
    return found


def _nonzero(divisor: Any) -> Any:
    if not isinstance(divisor, np.ndarray) or not divisor.ndim:
        return divisor or 1
    return np.where(divisor == 0, divisor + 1, divisor)


def divide(dividend: Any, divisor: Any) -> Array:
    """The quotient truncated towards zero."""
    divisor = _nonzero(divisor)
    if _is_wide(dividend, divisor):
        exact: Array = np.frompyfunc(_divide, 2, 1)(dividend, divisor)
        return exact
    with np.errstate(over="ignore"):  # in rows where nobody looks
        quotient = np.floor_divide(dividend, divisor)
    rest = dividend - quotient * divisor
    truncated: Array = quotient + ((rest != 0) & (quotient < 0))
    return truncated


def remainder(dividend: Any, divisor: Any) -> Array:
    """What ``divide`` leaves."""
    divisor = _nonzero(divisor)
    if _is_wide(dividend, divisor):
        exact: Array = np.frompyfunc(_remainder, 2, 1)(dividend, divisor)
        return exact
    rest: Array = dividend - divide(dividend, divisor) * divisor
    return rest


def _is_wide(*operands: Any) -> bool:
    return any(isinstance(each, np.ndarray) and each.dtype == object for each in operands)


def shiftl(word: Array, by: Array) -> Array:
    found: Array = word << _amount(word, by)
    return found


def shiftr(word: Array, by: Array) -> Array:
    found: Array = word >> _amount(word, by)
    return found


def _amount(word: Array, by: Array) -> Array:
    """Python would try to shift by anything."""
    if word.dtype == object:
        return np.clip(by, 0, _MOST_SHIFT).astype(object)
    return by.view(word.dtype)


def cell(words: Words, position: Array, per_word: int, bits: int) -> Array:
    """The bits of cells that are spread over several words."""
    which, rest = np.divmod(position, per_word)
    found = words[0]
    for number in range(1, len(words)):
        found = np.where(which == number, words[number], found)
    mask = np.uint64((1 << bits) - 1)
    return (found >> (rest * bits).view(np.uint64)) & mask


def put(
    words: Words, position: Array, per_word: int, bits: int, stored: Array, path: Array | None
) -> Sequence[Array]:
    """The words with a cell changed where ``path`` is true."""
    which, rest = np.divmod(position, per_word)
    by = (rest * bits).view(np.uint64)
    kept, added = ~(np.uint64((1 << bits) - 1) << by), stored << by
    found = []
    for number, word in enumerate(words):
        here = which == number if path is None else (which == number) & path
        found.append(np.where(here, (word & kept) | added, word))
    return found


def picked(cells: Array, position: Array) -> Array:
    """The elements of a temporary with several cells."""
    at = np.clip(position, 0, len(cells) - 1)
    return cells[at, np.arange(cells.shape[1])]  # type: ignore[no-any-return]


def place(cells: Array, position: Array, value: Array, path: Array | None) -> None:
    """Changes them where ``path`` is true."""
    columns = np.arange(cells.shape[1])
    at = np.clip(position, 0, len(cells) - 1)
    if path is not None:
        columns, at, value = columns[path], at[path], value[path]
    cells[at, columns] = value


NAMES: dict[str, Any] = {
    "Frame": Frame,
    "int64": np.int64,
    "uint64": np.uint64,
    "full": np.full,
    "some": np.count_nonzero,
    "where": np.where,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "narrow": narrow,
    "choose": choose,
    "divide": divide,
    "remainder": remainder,
    "shiftl": shiftl,
    "shiftr": shiftr,
    "cell": cell,
    "put": put,
    "picked": picked,
    "place": place,
}
"""What generated code knows."""
