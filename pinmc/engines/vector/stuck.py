"""Which agents can never move again.

An agent is fine in a state when it is at an end there, can move, or is fine in a state one step
on. A state in which some agent neither can move nor is at an end is open; one step before a state
that is not open, everybody is fine. So the open states are expanded once more, and what is known
of where a step leads is told to where it begins, until nobody learns anything: first that a state
is not open after all; then, for the few that are left, agent by agent. Steps from the states that
are left lead only to others of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.vector.expand import Expander
from pinmc.engines.vector.frame import Rows, Truths
from pinmc.engines.vector.log import Log
from pinmc.engines.vector.table import RowSet

_CHUNK = 1 << 15
_TURNS = 30


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


@dataclass(frozen=True, slots=True)
class _Steps:
    """Steps between open states, by number."""

    begin: NDArray[np.uint32]
    end: NDArray[np.uint32]

    def part(self, which: Truths) -> _Steps:
        kept = which.nonzero()[0]
        return _Steps(self.begin[kept], self.end[kept])

    def in_order(self) -> _Steps:
        """In ascending order of where they lead."""
        order = np.argsort(self.end)
        return _Steps(self.begin[order], self.end[order])

    def back(self, ends: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Where the steps to some states begin; they are in order."""
        first = np.searchsorted(self.end, ends)
        counts = np.searchsorted(self.end, ends, side="right") - first
        skipped = np.cumsum(counts) - counts
        at = np.repeat(first - skipped, counts) + np.arange(int(counts.sum()))
        return self.begin[at]


def find_stuck(open_: OpenStates, log: Log, expander: Expander) -> Stuck:
    """Raises what ``expander.look`` raises. Time: one expansion of the open states, then what the
    steps between those take that it has not closed."""
    numbers, fine = open_.all()
    closed = np.ones(log.count, bool)
    closed[numbers] = False
    steps = _steps_between(numbers, closed, log, expander)
    _spread(closed, steps, expander.look)
    left = ~closed[numbers]
    numbers, fine = numbers[left], fine[left]
    if len(numbers):
        steps = steps.part(~closed[steps.begin])
        for agent in range(open_.agents):
            fine |= _fine_later(agent, numbers, fine, steps, closed, expander.look)
    stuck = fine != np.uint64(open_.everybody)
    return Stuck(numbers[stuck], np.uint64(open_.everybody) & ~fine[stuck])


def _steps_between(numbers: Rows, closed: Truths, log: Log, expander: Expander) -> _Steps:
    """Closes the open states from which a step leads to one that is not open, as far as that is
    known; the steps of the others. The last are the first: steps usually lead on."""
    known = RowSet(log, lambda more: expander.look(), 2 * len(numbers) + 1)
    chunk = expander.most_states(_CHUNK)
    pieces = [numbers[begin : begin + chunk] for begin in range(0, len(numbers), chunk)]
    for part in pieces:
        known.add_from_log(part)
    found = [_Steps(np.zeros(0, np.uint32), np.zeros(0, np.uint32))]
    for part in reversed(pieces):
        expander.look()
        steps = expander.expand(log.take(part))
        reached = known.find(steps.words)
        done = (reached < 0) | closed.take(reached, mode="wrap")
        at_once = np.zeros(len(part), bool)
        at_once[steps.rows[done]] = True
        closed[part[at_once]] = True
        kept = (~at_once).take(steps.rows).nonzero()[0]
        begin, end = part[steps.rows[kept]], reached[kept]
        found.append(_Steps(begin.astype(np.uint32), end.astype(np.uint32)))
    return _Steps(
        np.concatenate([steps.begin for steps in found]),
        np.concatenate([steps.end for steps in found]),
    )


def _spread(found: Truths, steps: _Steps, look: Callable[[], object]) -> None:
    """From where a step leads to something that is found, that is found too.

    At first all steps are looked at, again and again; if that takes many turns, only those to what
    was new in the turn before."""
    for _ in range(_TURNS):
        look()
        steps = steps.part(~found.take(steps.begin))
        new = steps.begin[found.take(steps.end)]
        if not len(new):
            return
        found[new] = True
    ordered = steps.in_order()
    while len(new):
        look()
        before = ordered.back(np.unique(new))
        new = before[~found[before]]
        found[new] = True


def _fine_later(
    agent: int,
    numbers: Rows,
    fine: NDArray[np.uint64],
    steps: _Steps,
    closed: Truths,
    look: Callable[[], object],
) -> NDArray[np.uint64]:
    """The bit of the agent in those of the states from which it can be fine later."""
    bit = np.uint64(1 << agent)
    found = np.zeros(len(closed), bool)
    found[numbers] = (fine & bit) != 0
    _spread(found, steps, look)
    return np.where(found[numbers], bit, np.uint64(0))
