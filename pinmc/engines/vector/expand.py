"""All steps from many states at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.vector.frame import Keys, Reached, Rows, Truths, Words
from pinmc.engines.vector.kinds import KindsOf
from pinmc.engines.vector.program import Expansion, Group, Many, Program

PAIRS = 1 << 16
"""So many pairs of a state and arguments are tried at a time."""

_MOST_STEPS = 1 << 22


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps from some states: step ``i`` leads from state ``rows[i]`` to that of ``words`` at
    ``i``, by the instance ``keys[i]`` (if they were asked for). ``errors``: claims with the states
    and instances that run into them. ``seen``: the bits of marks executed. If asked for: ``moved``,
    for each state the bits of agents that can move, and ``kinds`` of the steps."""

    rows: Rows
    words: Words
    keys: Rows | None
    errors: tuple[tuple[int, Rows, Keys], ...]
    seen: int
    moved: NDArray[np.uint64] | None
    kinds: KindsOf | None = None

    @property
    def count(self) -> int:
        return len(self.rows)

    def active(self, states: int) -> Truths:
        """Which of so many states have a step or run into an error."""
        found = np.zeros(states, bool)
        found[self.rows] = True
        for _, rows, _ in self.errors:
            found[rows] = True
        return found

    def until(self, end: int) -> Steps:
        """The first so many steps."""
        keys = None if self.keys is None else self.keys[:end]
        words = tuple(word[:end] for word in self.words)
        return Steps(self.rows[:end], words, keys, self.errors, self.seen, self.moved)

    def in_order(self, instances: int) -> Steps:
        """Sorted by state, then by instance; there are so many instances in all."""
        assert self.keys is not None
        order = np.argsort(self.rows * instances + self.keys, kind="stable")
        words = tuple(word[order] for word in self.words)
        return Steps(self.rows[order], words, self.keys[order], self.errors, self.seen, self.moved)


@dataclass(frozen=True, slots=True)
class Expander:
    """``look`` is called now and then and may raise to stop."""

    program: Program
    look: Callable[[], object]

    def most_states(self, most: int) -> int:
        """How many states to expand at a time, at most ``most``."""
        return max(1, min(most, _MOST_STEPS // max(1, self.program.fanout)))

    def expand(
        self,
        states: Words,
        seen: int = 0,
        keys: bool = False,
        moved: bool = False,
        kinds: bool = False,
    ) -> Steps:
        """The steps from ``states``, in any order."""
        out, count = Reached(seen, self.look), len(states[0])
        bits = np.zeros(count, np.uint64) if moved else None
        for number, agent in enumerate(self.program.agents):
            reached, failed = len(out.rows), len(out.errors)
            self._agent(out, agent, states)
            if bits is not None:
                rows = [*out.rows[reached:], *(rows for _, rows, _ in out.errors[failed:])]
                _add_bit(bits, number, rows)
        everywhere = np.arange(count)
        self._group(out, self.program.rules, everywhere, states)
        return self._steps(out, keys, bits, states if kinds else None)

    def initial(self, least: Words, begin: int, end: int, seen: int) -> Steps:
        """The outcomes of the instances of the initial command from ``begin`` up to ``end``."""
        out = Reached(seen, self.look)
        many = self.program.initial
        self._pairs(out, many, np.zeros(1, np.int64), least, begin, end)
        return self._steps(out, True, None)

    def finished(self, states: Words) -> NDArray[np.uint64]:
        """For each state the bits of agents (of the first 64) that are at an end."""
        found = np.zeros(len(states[0]), np.uint64)
        for number, agent in enumerate(self.program.agents[:64]):
            if agent.ends.any():
                found |= self.ended(agent, states).astype(np.uint64) << np.uint64(number)
        return found

    def all_finished(self, states: Words) -> Truths:
        """In which states every agent is at an end."""
        found = np.ones(len(states[0]), bool)
        for agent in self.program.agents:
            found &= self.ended(agent, states)
        return found

    def ended(self, agent: Expansion, states: Words) -> Truths:
        """In which states the agent is at an end."""
        return agent.ends.take(self._places(agent, states))

    @staticmethod
    def _places(agent: Expansion, states: Words) -> NDArray[np.uint16]:
        return agent.counter.of(states).astype(np.uint16)

    def _agent(self, out: Reached, agent: Expansion, states: Words) -> None:
        """Sorts the states by the agent's place, then tries what there is at each."""
        if not agent.groups or not len(states[0]):
            return
        places = self._places(agent, states)
        order = np.argsort(places, kind="stable")
        sorted_ = tuple(word[order] for word in states)
        counts, end = np.bincount(places), 0
        present = counts.nonzero()[0]
        for place, count in zip(present.tolist(), counts[present].tolist(), strict=True):
            begin, end = end, end + count
            group = agent.groups.get(place)
            if group is not None:
                part = tuple(word[begin:end] for word in sorted_)
                self._group(out, group, order[begin:end], part)
                self.look()

    def _group(self, out: Reached, group: Group, rows: Rows, states: Words) -> None:
        if not len(rows):
            return
        if group.function is not None:
            group.function(out, rows, *states)
        for many in group.many:
            self._pairs(out, many, rows, states, 0, len(rows) * many.target.count)

    def _pairs(
        self, out: Reached, many: Many, rows: Rows, states: Words, begin: int, end: int
    ) -> None:
        """Tries pairs ``begin`` to ``end``: pair ``i`` is state ``i // count`` with arguments
        ``i % count``."""
        count = many.target.count
        for first in range(begin, end, PAIRS):
            pairs = np.arange(first, min(first + PAIRS, end))
            which, instance = np.divmod(pairs, count)
            words = tuple(word[which] for word in states)
            keys = many.target.first + instance
            many.function(out, rows[which], keys, *words, *_arguments(many, instance))
            self.look()

    def _steps(
        self,
        out: Reached,
        keys: bool,
        moved: NDArray[np.uint64] | None,
        states: Words | None = None,
    ) -> Steps:
        """``states``: those that the steps are from, if the kinds are asked for."""
        rows = np.concatenate(out.rows) if out.rows else np.arange(0)
        width = self.program.layout.words
        words = (
            tuple(np.concatenate([part[word] for part in out.words]) for word in range(width))
            if out.words
            else (np.zeros(0, np.uint64),) * width
        )
        return Steps(
            rows,
            words,
            _all_keys(out) if keys else None,
            tuple(out.errors),
            out.seen,
            moved,
            None if states is None else self.program.kinds.of_steps(out, states),
        )


def _arguments(many: Many, instance: Rows) -> list[NDArray[np.int64] | NDArray[np.uint64]]:
    """The arguments of the instances, by their position in row-major order."""
    found: list[NDArray[np.int64] | NDArray[np.uint64]] = []
    for count, low in zip(reversed(many.sizes), reversed(many.lows), strict=True):
        instance, rest = np.divmod(instance, count)
        if low + count > 2**63:
            found.append(rest.astype(np.uint64) + np.uint64(low))
        else:
            found.append(rest + low)
    return found[::-1]


def _all_keys(out: Reached) -> Rows:
    parts = [
        np.full(len(rows), keys) if isinstance(keys, int) else keys
        for rows, keys in zip(out.rows, out.keys, strict=True)
    ]
    return np.concatenate(parts) if parts else np.arange(0)


def _add_bit(bits: NDArray[np.uint64], number: int, rows: list[Rows]) -> None:
    if not rows:
        return
    there = np.zeros(len(bits), bool)
    for part in rows:
        there[part] = True
    bits |= there.astype(np.uint64) << np.uint64(number)
