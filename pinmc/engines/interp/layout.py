"""How a state is stored: as ``bytes`` when every value fits, else as a tuple of ints.

In bytes each value is stored less its type's least value, so that an absent optional (-1) fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.ir.evaluate import cells
from pinmc.ir.expr import Storage, Var
from pinmc.ir.semantics import State
from pinmc.ir.system import System
from pinmc.ir.types import bounds

Key: TypeAlias = bytes | tuple[int, ...]
"""A stored state: hashable, equal exactly when the states are."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``lows`` are the least values of the slots; ``packed`` tells bytes from tuples.

    ``thaw`` and ``freeze`` name the Python types that a generated function uses to copy a key
    for changing it, and to make a key again.
    """

    lows: tuple[int, ...]
    packed: bool

    @property
    def thaw(self) -> str:
        return "bytearray" if self.packed else "list"

    @property
    def freeze(self) -> str:
        return "bytes" if self.packed else "tuple"

    def shift(self, var: Var) -> int:
        """What must be added to a stored cell of ``var`` to get its value."""
        if var.storage is Storage.TEMP or not self.packed:
            return 0
        return bounds(var.type)[0]

    def encode(self, state: Sequence[int]) -> Key:
        if not self.packed:
            return tuple(state)
        return bytes(value - low for value, low in zip(state, self.lows, strict=True))

    def decode(self, key: Key) -> State:
        if not self.packed:
            return tuple(key)
        return tuple(value + low for value, low in zip(key, self.lows, strict=True))


def layout_of(system: System) -> Layout:
    """Bytes whenever no type of the system has more than 256 values."""
    lows = [0] * system.slots
    packed = True
    for var in system.variables:
        lo, hi = bounds(var.type)
        lows[var.offset : var.offset + cells(var)] = [lo] * cells(var)
        packed = packed and hi - lo < 256
    return Layout(tuple(lows), packed)
