"""Shortest traces, the lexicographically least of them.

For each decided property the states of its level in which it is decided are the last states of its
shortest traces. Going back level by level, the states with a step to one of the level after are
the states on shortest traces. Going forward from the first initial state among them, always taking
the first step that stays on such a trace, gives the least one. 64 properties at a time, a bit each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.judge import TraceLine
from pinmc.engines.vector.expand import Steps
from pinmc.engines.vector.frame import Rows, Words
from pinmc.engines.vector.log import Log
from pinmc.engines.vector.search import Search
from pinmc.engines.vector.table import RowSet

_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Target:
    """A decided property, by kind and number, and the level at which it is."""

    kind: str
    number: int
    level: int


def traces_of(search: Search) -> list[TraceLine]:
    """A trace for each decided property."""
    targets = [Target(*name, level) for name, level in search.decided.levels.items()]
    targets += _stuck_targets(search)
    found: list[TraceLine] = []
    for begin in range(0, len(targets), _AT_ONCE):
        found += _Tracing(search, targets[begin : begin + _AT_ONCE]).lines()
    return found


def _stuck_targets(search: Search) -> list[Target]:
    """The first level with a stuck agent that each property speaks of."""
    found: list[Target] = []
    if search.stuck is None:
        return found
    for number in range(len(search.model.stuck)):
        mask = np.uint64(_agents_of(search, number))
        states = search.stuck.numbers[(search.stuck.agents & mask) != 0]
        if len(states):
            level = int(np.searchsorted(search.levels, states[0], side="right")) - 1
            found.append(Target("stuck", number, level))
    return found


def _agents_of(search: Search, number: int) -> int:
    actor = search.model.stuck[number].actor
    agents = search.model.system.agents
    return sum(1 << who.number for who in agents if actor is None or who.actor == actor)


class _Marked:
    """The states of one level that are on traces, each with the bits of the targets."""

    def __init__(self, words: int) -> None:
        self._log = Log(words)
        self._set = RowSet(self._log, lambda more: None, places=16)
        self._bits: list[NDArray[np.uint64]] = []

    def add(self, states: Words, bits: NDArray[np.uint64]) -> None:
        """States that are not here yet."""
        rows = np.flatnonzero(bits)
        chosen = tuple(word[rows] for word in states)
        self._set.add_in_order(chosen)
        self._log.append(chosen)
        self._bits = [np.concatenate([*self._bits, bits[rows]])]

    @property
    def any(self) -> bool:
        return self._log.count > 0

    def bits(self, states: Words) -> NDArray[np.uint64]:
        """Their bits, 0 for those that are not here."""
        if not self.any:
            return np.zeros(len(states[0]), np.uint64)
        at = self._set.find(states)
        return np.where(at < 0, np.uint64(0), self._bits[0][at])


@dataclass(slots=True)
class _Tracing:
    search: Search
    targets: Sequence[Target]
    marked: list[_Marked] = field(default_factory=list)

    def lines(self) -> list[TraceLine]:
        last = max(target.level for target in self.targets)
        words = self.search.model.layout.words
        self.marked = [_Marked(words) for _ in range(last + 2)]
        for level in range(last, -1, -1):
            self._mark_level(level)
        return [self._line(bit, target) for bit, target in enumerate(self.targets)]

    # --- back ----------------------------------------------------------------------------------

    def _mark_level(self, level: int) -> None:
        search, later = self.search, self.marked[level + 1]
        here = [(bit, t) for bit, t in enumerate(self.targets) if t.level == level]
        if not here and not later.any:
            return
        end = search.levels[level + 1] if level + 1 < len(search.levels) else search.log.count
        chunk = search.expander.most_states(search.sizes.chunk)
        expanding = later.any or any(t.kind in ("step", "error", "deadlock") for _, t in here)
        for first in range(search.levels[level], end, chunk):
            numbers = np.arange(first, min(first + chunk, end))
            states = search.log.take(numbers)
            steps = search.expander.expand(states) if expanding else None
            bits = np.zeros(len(numbers), np.uint64)
            for bit, target in here:
                there = self._decided(target, numbers, states, steps)
                bits[there] |= np.uint64(1 << bit)
            if steps is not None and later.any:
                np.bitwise_or.at(bits, steps.rows, later.bits(steps.words))
            self.marked[level].add(states, bits)

    def _decided(self, target: Target, numbers: Rows, states: Words, steps: Steps | None) -> Rows:
        """In which of the states the property is decided."""
        search = self.search
        if target.kind == "state":
            return np.flatnonzero(search.watches.states[target.number].decided(states)[0])
        if target.kind == "stuck":
            assert search.stuck is not None
            mask = np.uint64(_agents_of(search, target.number))
            return np.flatnonzero(search.stuck.among(numbers) & mask)
        assert steps is not None
        if target.kind == "deadlock":
            return search.dead(states, steps)
        if target.kind == "error":
            parts = [rows for claim, rows, _ in steps.errors if claim == target.number]
            return np.concatenate(parts) if parts else np.arange(0)
        return steps.rows[self._bad_steps(target.number, states, steps)]

    def _bad_steps(self, number: int, states: Words, steps: Steps) -> Rows:
        before = tuple(word[steps.rows] for word in states)
        return np.flatnonzero(self.search.watches.steps[number].decided(before, steps.words)[0])

    # --- forward -------------------------------------------------------------------------------

    def _line(self, bit: int, target: Target) -> TraceLine:
        search = self.search
        end = search.levels[1] if len(search.levels) > 1 else search.log.count
        initial = self._on_trace(search.log.part(0, end), 0, bit)[0]
        state = search.log.part(int(initial), int(initial) + 1)
        moves: list[int] = []
        for level in range(target.level):
            move, state = self._next(state, level + 1, bit)
            moves.append(move)
        moves += self._last_move(target, state)
        last = tuple(int(word[0]) for word in state)
        agents = self._agents(target, state)
        return TraceLine(target.kind, target.number, int(initial), tuple(moves), last, agents)

    def _on_trace(self, states: Words, level: int, bit: int) -> Rows:
        return np.flatnonzero(self.marked[level].bits(states) >> np.uint64(bit) & np.uint64(1))

    def _next(self, state: Words, level: int, bit: int) -> tuple[int, Words]:
        """The first step that stays on the traces, and where it leads."""
        steps = self.search.expander.expand(state, keys=True)
        assert steps.keys is not None
        fit = self._on_trace(steps.words, level, bit)
        best = fit[np.argmin(steps.keys[fit])]
        return int(steps.keys[best]), tuple(word[best : best + 1] for word in steps.words)

    def _last_move(self, target: Target, state: Words) -> list[int]:
        """The step or error that decides the property, where it is not a state that does."""
        if target.kind not in ("step", "error"):
            return []
        steps = self.search.expander.expand(state, keys=True)
        assert steps.keys is not None
        if target.kind == "step":
            return [int(steps.keys[self._bad_steps(target.number, state, steps)].min())]
        keys = [keys for claim, _, keys in steps.errors if claim == target.number]
        return [min(int(np.min(each)) for each in keys)]

    def _agents(self, target: Target, state: Words) -> int:
        search = self.search
        if target.kind == "deadlock":
            return search.unfinished(state)
        if target.kind != "stuck":
            return 0
        assert search.stuck is not None
        same = np.ones(len(search.stuck.numbers), bool)
        for word, known in zip(search.log.take(search.stuck.numbers), state, strict=True):
            same &= word == known
        stuck = int(search.stuck.agents[np.argmax(same)])
        return stuck & _agents_of(search, target.number)
