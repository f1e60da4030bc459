"""Sets of packed states: exact, open addressing with linear probing, a whole batch at a time.

Each round looks at one place for every state of the batch. Those that find an empty place all
write there, whatever the others do, and then look who was the last: it has the place. The others
try the next place in the next round.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pinmc.engines.vector.frame import Rows, Words
from pinmc.engines.vector.log import Log

FIRST_PLACES = 1 << 19
AGAIN = 1 << 16
"""So many states at a time are put into a larger table."""

_MIX = np.array(0x9E3779B97F4A7C15, np.uint64)
_HALF = np.array(32, np.uint64)
_EMPTY = np.array(0, np.uint64)
_FULL, _FULL_SMALL = 0.65, 0.4
"""At most this part of the places is taken, of a large table and of a small one. Each batch takes
as many rounds as the state that comes last has to look at places."""

_LARGE = 1 << 21
"""Tables of so many places grow by a half only: they are what most of the memory is for."""


def hashes(states: Words, places: int) -> Rows:
    """Where to look first among fewer than 2**32 places. Multiplication by the golden ratio spreads
    to the high bits: Knuth, "The Art of Computer Programming", volume 3, section 6.4."""
    mixed = (states[0] ^ (states[0] >> _HALF)) * _MIX
    for word in states[1:]:
        mixed ^= word
        mixed ^= mixed >> _HALF
        mixed *= _MIX
    mixed >>= _HALF
    mixed *= np.uint64(places)
    mixed >>= _HALF
    return mixed.view(np.int64)


def following(places: Rows, count: int) -> Rows:
    """The next place of each, among ``count`` in a ring."""
    found = places + 1
    found[found == count] = 0
    return found


def distinct(keys: NDArray[np.uint64]) -> Rows:
    """Where each of the keys is, once each. Every round all write their number in some place of a
    small table; who can read it there again is taken, and copies of that key are done."""
    places = 2 * len(keys) + 1
    table = np.empty(places, np.int64)
    left, at = np.arange(len(keys)), hashes((keys,), places)
    taken = []
    while len(left):
        table[at] = left
        there = table.take(at)
        taken.append(left[there == left])
        rest = (keys.take(there) != keys.take(left)).nonzero()[0]
        left, at = left[rest], following(at[rest], places)
    return np.concatenate(taken) if taken else left


class _Places:
    """How many places there are, and when there must be more. ``allow(bytes)`` may raise."""

    def __init__(self, log: Log, places: int, type_: Any, allow: Callable[[int], object]) -> None:
        self._log = log
        self._type = type_
        self._allow = allow
        self._table: NDArray[Any] = np.zeros(places, type_)

    def _reserve(self, count: int) -> None:
        """Sees to it that ``count`` more fit. The old table is given back before there is a
        larger one: the states are in the log."""
        places = len(self._table)
        while self._log.count + count > (_FULL if places >= _LARGE else _FULL_SMALL) * places:
            places += places // 2 if places >= _LARGE else 3 * places
        if places == len(self._table):
            return
        self._allow((places - len(self._table)) * self._table.itemsize)
        self._table = np.zeros(0, self._type)
        self._table = np.zeros(places, self._type)
        for begin in range(0, self._log.count, AGAIN):
            end = min(begin + AGAIN, self._log.count)
            self._again(self._log.part(begin, end), begin)

    def _again(self, states: Words, first: int) -> None:
        raise NotImplementedError


class WordSet(_Places):
    """Of states of one word, which is never 0: the table holds the states themselves."""

    def __init__(
        self, log: Log, allow: Callable[[int], object], places: int = FIRST_PLACES
    ) -> None:
        super().__init__(log, places, np.uint64, allow)

    def add(self, states: Words) -> Rows:
        """Adds a batch; where in it the new states are, once each."""
        self._reserve(len(states[0]))
        parts = self._added(states[0])
        if not parts:
            return np.arange(0)
        at = np.concatenate([at for _, at in parts])
        return at[distinct(np.concatenate([keys for keys, _ in parts]))]

    def add_in_order(self, states: Words) -> Rows:
        """Adds a batch; where in it each new state occurs first, ascending."""
        self._reserve(len(states[0]))
        parts = self._added(states[0])
        if not parts:
            return np.arange(0)
        keys = np.concatenate([keys for keys, _ in parts])
        at = np.concatenate([at for _, at in parts])
        _, first = np.unique(keys, return_index=True)
        return np.sort(at[first])

    def _added(self, keys: NDArray[np.uint64]) -> list[tuple[NDArray[np.uint64], Rows]]:
        """The keys that got a place, all copies of each, and where they are, ascending, round by
        round."""
        table, parts = self._table, []
        places = hashes((keys,), len(table))
        at: Rows | None = None
        while True:
            found = table.take(places)
            free = (found == _EMPTY).nonzero()[0]
            if len(free):
                wanted, where = keys[free], places[free]
                table[where] = wanted
                there = table.take(where)
                found[free] = there
                won = (there == wanted).nonzero()[0]
                here = free[won]
                parts.append((wanted[won], here if at is None else at[here]))
            rest = (found != keys).nonzero()[0]
            if not len(rest):
                return parts
            keys, places = keys[rest], following(places[rest], len(table))
            at = rest if at is None else at[rest]

    def _again(self, states: Words, first: int) -> None:
        self._added(states[0])


class RowSet(_Places):
    """Of states of any width: the table holds numbers of states in the log, plus 1. Whatever
    ``add`` gives must then be appended to the log, in that order."""

    def __init__(
        self, log: Log, allow: Callable[[int], object], places: int = FIRST_PLACES
    ) -> None:
        super().__init__(log, places, np.uint32, allow)

    def add(self, states: Words) -> Rows:
        """Adds a batch; where in it the new states are, once each."""
        return self.add_in_order(states)

    def add_in_order(self, states: Words) -> Rows:
        """Adds a batch; where in it each new state occurs first, ascending."""
        count, base = len(states[0]), self._log.count
        self._reserve(count)
        table = self._table
        first, slots = np.full(count, count), np.zeros(count, np.int64)
        left, places = np.arange(count), hashes(states, len(table))
        while len(left):
            numbers = table.take(places).astype(np.int64)
            free = np.flatnonzero(numbers == 0)
            if len(free):
                where = places[free]
                table[where] = base + 1 + left[free]
                numbers[free] = table.take(where)
            new = np.flatnonzero(numbers > base)
            leader = numbers[new] - base - 1
            same = np.zeros(len(left), bool)
            same[new] = _equal(states, left[new], states, leader)
            mine = new[same[new]]
            leader = numbers[mine] - base - 1
            np.minimum.at(first, leader, left[mine])
            slots[leader] = places[mine]
            old = np.flatnonzero(numbers <= base)
            known = self._log.take(numbers[old] - 1)
            same[old] = _matches(states, left[old], known)
            rest = np.flatnonzero(~same)
            left, places = left[rest], following(places[rest], len(table))
        leaders = np.flatnonzero(first < count)
        order = np.argsort(first[leaders])
        leaders = leaders[order]
        table[slots[leaders]] = base + 1 + np.arange(len(leaders))
        return first[leaders]

    def find(self, states: Words) -> Rows:
        """The numbers of the states in the log, -1 for those that are not in it."""
        table = self._table
        found = np.full(len(states[0]), -1)
        left, places = np.arange(len(found)), hashes(states, len(table))
        while len(left):
            numbers = table.take(places).astype(np.int64)
            there = numbers > 0
            left, places, numbers = left[there], places[there], numbers[there]
            same = _matches(states, left, self._log.take(numbers - 1))
            found[left[same]] = numbers[same] - 1
            rest = ~same
            left, places = left[rest], following(places[rest], len(table))
        return found

    def add_from_log(self, numbers: Rows) -> None:
        """Adds states of the log, by number, of which none is there yet. There must be room."""
        self._enter(self._log.take(numbers), (numbers + 1).astype(np.uint32))

    def _again(self, states: Words, first: int) -> None:
        self._enter(states, np.arange(first + 1, first + 1 + len(states[0]), dtype=np.uint32))

    def _enter(self, states: Words, numbers: NDArray[np.uint32]) -> None:
        """All different, and none is there yet."""
        table = self._table
        places = hashes(states, len(table))
        while len(numbers):
            free = np.flatnonzero(table.take(places) == 0)
            table[places[free]] = numbers[free]
            rest = np.flatnonzero(table.take(places) != numbers)
            numbers, places = numbers[rest], following(places[rest], len(table))


def _equal(left: Words, at: Rows, right: Words, by: Rows) -> NDArray[np.bool_]:
    return _matches(left, at, tuple(word[by] for word in right))


def _matches(states: Words, at: Rows, others: Words) -> NDArray[np.bool_]:
    """Which of the states ``at`` are the same as the others."""
    found: NDArray[np.bool_] = states[0][at] == others[0]
    for word, other in zip(states[1:], others[1:], strict=True):
        found &= word[at] == other
    return found
