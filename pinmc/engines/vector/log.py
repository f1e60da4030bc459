"""All states in the order they were found, level by level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pinmc.engines.vector.frame import Rows, Words

_FIRST_ROOM = 1 << 12


class Log:
    """``words`` arrays, one for each word of a state. They are enlarged in place, so nobody may
    keep a view of them: what is given out are copies."""

    def __init__(self, words: int) -> None:
        self.count = 0
        self._columns: list[NDArray[np.uint64]] = [
            np.empty(_FIRST_ROOM, np.uint64) for _ in range(words)
        ]

    def append(self, states: Words) -> None:
        """Memory grows by a quarter at a time. Raises MemoryError and is then as before."""
        end = self.count + len(states[0])
        if end > len(self._columns[0]):
            room = max(end, len(self._columns[0]) + len(self._columns[0]) // 4)
            for column in self._columns:
                column.resize(room, refcheck=False)
        for column, new in zip(self._columns, states, strict=True):
            column[self.count : end] = new
        self.count = end

    def part(self, begin: int, end: int) -> Words:
        """The states from number ``begin`` up to ``end``."""
        return tuple(column[begin:end].copy() for column in self._columns)

    def take(self, numbers: Rows) -> Words:
        """The states with these numbers."""
        return tuple(column[: self.count].take(numbers) for column in self._columns)
