"""Which cells an evaluation looks at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import SupportsIndex, overload

from pinmc.ir.semantics import State


class Watched(Sequence[int]):
    """A state that notes in ``seen`` which of its cells were looked at, in order."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.seen: dict[int, None] = {}

    def __len__(self) -> int:
        return len(self._state)

    @overload
    def __getitem__(self, index: SupportsIndex) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> int | Sequence[int]:
        if isinstance(index, slice):
            return self._state[index]
        self.seen[index.__index__()] = None
        return self._state[index]
