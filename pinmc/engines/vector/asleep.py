"""Which steps from the states of a level need not be taken (see ``pinmc.engines.sleep``)."""

from __future__ import annotations

import numpy as np

from pinmc.base.records import dataclass
from pinmc.engines.sleep.kinds import Sleep, left_out
from pinmc.engines.vector.frame import Rows, Truths
from pinmc.engines.vector.kinds import KindsOf


@dataclass(slots=True)
class Asleep:
    """``some``: whether there is anything to leave out. The kinds by which the states of the level
    that is expanded were reached, and those of the level that is made."""

    some: bool
    _kinds: int
    _awake: Truths
    _level: KindsOf
    _next: list[KindsOf]

    @staticmethod
    def of(sleep: Sleep) -> Asleep:
        count = len(sleep.independent)
        awake = np.ones((count, count), bool)
        for kind, mask in enumerate(left_out(sleep)):
            awake[kind] = [not mask >> other & 1 for other in range(count)]
        return Asleep(not sleep.idle, count, awake.ravel(), np.zeros(0, np.uint8), [])

    def next_level(self, states: int) -> None:
        """The level that was made, of so many states, is going to be expanded."""
        known = np.concatenate(self._next) if self._next else np.zeros(states, np.uint8)
        self._level, self._next = known, []

    def reached(self, kinds: KindsOf) -> None:
        """The kinds of steps that led to the next states."""
        self._next.append(kinds)

    def awake(self, begin: int, end: int, rows: Rows, kinds: KindsOf) -> Rows:
        """Which steps to take: they are of these kinds, from the states ``rows``, counted from
        ``begin``, of those from ``begin`` to ``end`` of the level."""
        after = self._level[begin:end].astype(np.intp) * self._kinds
        return self._awake.take(after.take(rows) + kinds).nonzero()[0]
