"""Which agents can never move again.

An agent is fine in a state when it is at an end there, can move, or is fine in a state one step
on. The sets of fine agents only grow, so they are swept over the open states, those in which not
everybody is fine at once, to and fro and level by level, until nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.vector.expand import Expander
from pinmc.engines.vector.frame import Rows, Words
from pinmc.engines.vector.log import Log
from pinmc.engines.vector.table import RowSet

_CHUNK = 1 << 15


@dataclass(slots=True)
class OpenStates:
    """The numbers of the open states, ascending, and the bits of the agents that are fine there."""

    agents: int
    parts: list[tuple[NDArray[np.uint32], NDArray[np.uint64]]] = field(default_factory=list)

    @property
    def everybody(self) -> int:
        return (1 << self.agents) - 1

    def add(self, begin: int, fine: NDArray[np.uint64]) -> None:
        """States from number ``begin`` on."""
        rows = np.flatnonzero(fine != np.uint64(self.everybody))
        if len(rows):
            self.parts.append(((begin + rows).astype(np.uint32), fine[rows]))

    def all(self) -> tuple[Rows, NDArray[np.uint64]]:
        """All numbers and bits; forgets them."""
        if not self.parts:
            return np.arange(0), np.zeros(0, np.uint64)
        numbers = np.concatenate([numbers for numbers, _ in self.parts]).astype(np.int64)
        fine = np.concatenate([fine for _, fine in self.parts])
        self.parts.clear()
        return numbers, fine


@dataclass(frozen=True, slots=True)
class Stuck:
    """The states that have stuck agents, by number, ascending, and the bits of these agents."""

    numbers: Rows
    agents: NDArray[np.uint64]

    def among(self, numbers: Rows) -> NDArray[np.uint64]:
        """The stuck agents of other states, by number."""
        if not len(self.numbers):
            return np.zeros(len(numbers), np.uint64)
        at = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        here = self.numbers[at] == numbers
        return np.where(here, self.agents[at], np.uint64(0))


def find_stuck(open_: OpenStates, log: Log, levels: Sequence[int], expander: Expander) -> Stuck:
    """Raises what ``expander.look`` raises. Time: the steps from open states times sweeps."""
    everybody = np.uint64(open_.everybody)
    numbers, fine = open_.all()
    own = Log(expander.program.layout.words)
    known = RowSet(own, lambda more: expander.look())
    for begin in range(0, len(numbers), _CHUNK):
        states = log.take(numbers[begin : begin + _CHUNK])
        known.add_in_order(states)
        own.append(states)
    left = np.arange(len(numbers))
    backwards, changed = True, True
    while changed and len(left):
        changed = False
        pieces = _pieces(numbers[left], levels, expander.most_states(_CHUNK))
        for begin, end in reversed(pieces) if backwards else pieces:
            at = left[begin:end]
            expander.look()
            gained = fine[at] | _later(expander, known, own.take(at), fine, everybody)
            changed |= bool((gained != fine[at]).any())
            fine[at] = gained
        left = left[fine[left] != everybody]
        backwards = not backwards
    return Stuck(numbers[left], everybody & ~fine[left])


def _pieces(numbers: Rows, levels: Sequence[int], chunk: int) -> list[tuple[int, int]]:
    """Cuts positions at levels, and into chunks."""
    ends = np.unique(np.searchsorted(numbers, np.array([*levels, 2**62])))
    pieces: list[tuple[int, int]] = []
    begin = 0
    for end in ends.tolist():
        pieces += [(at, min(at + chunk, end)) for at in range(begin, end, chunk)]
        begin = end
    return pieces


def _later(
    expander: Expander, known: RowSet, states: Words, fine: NDArray[np.uint64], all_: np.uint64
) -> NDArray[np.uint64]:
    """The agents that are fine one step after each of the states."""
    steps = expander.expand(states)
    position = known.find(steps.words)
    there = np.where(position < 0, all_, fine[position])
    found = np.zeros(len(states[0]), np.uint64)
    np.bitwise_or.at(found, steps.rows, there)
    return found
