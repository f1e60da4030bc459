"""What generated code works with: which rows it is about, and where it puts what it finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.layout import Place

Words: TypeAlias = tuple[NDArray[np.uint64], ...]
"""Packed states: one array for each word, one element a state."""

Rows: TypeAlias = NDArray[np.int64]
Truths: TypeAlias = NDArray[np.bool_]
Keys: TypeAlias = "int | NDArray[np.int64]"


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a cell is: ``states[word] >> shift & mask``. The numbers are arrays without dimensions,
    which NumPy takes sooner than others."""

    word: int
    shift: NDArray[np.uint64]
    mask: NDArray[np.uint64]

    @staticmethod
    def at(place: Place) -> Stored:
        mask = np.array((1 << place.bits) - 1, np.uint64)
        return Stored(place.word, np.array(place.shift, np.uint64), mask)

    def of(self, states: Words) -> NDArray[np.uint64]:
        """Its bits in each of the states."""
        found: NDArray[np.uint64] = states[self.word] >> self.shift & self.mask
        return found


class Reached:
    """The steps from some states, numbered from 0: where they lead, from which state, by which
    instance, and in which of the program's parts. ``errors`` are claims with the states and
    instances that run into them; ``seen`` has a bit for each mark executed, now or before; ``look``
    may raise to stop."""

    __slots__ = ("errors", "keys", "look", "parts", "rows", "seen", "words")

    def __init__(self, seen: int, look: Callable[[], object]) -> None:
        self.rows: list[Rows] = []
        self.keys: list[Keys] = []
        self.words: list[Words] = []
        self.parts: list[int] = []
        self.errors: list[tuple[int, Rows, Keys]] = []
        self.seen = seen
        self.look = look


class Frame:
    """One instance tried in the states ``rows``. ``dead`` are those that are not enabled after all
    or have run into an error; None when there are none."""

    __slots__ = ("dead", "keys", "out", "rows")

    def __init__(self, out: Reached, rows: Rows, keys: Keys) -> None:
        self.out = out
        self.rows = rows
        self.keys = keys
        self.dead: Truths | None = None

    @property
    def seen(self) -> int:
        return self.out.seen

    def look(self) -> None:
        self.out.look()

    def fail(self, claim: int, bad: Truths) -> None:
        """A found error in the rows ``bad``, unless they are dead already."""
        if self.dead is not None:
            bad = bad & ~self.dead
            if not bad.any():
                return
        keys = self.keys if isinstance(self.keys, int) else self.keys[bad]
        self.out.errors.append((claim, self.rows[bad], keys))
        self.leave(bad)

    def leave(self, off: Truths) -> None:
        """The instance is not enabled in the rows ``off``."""
        self.dead = off if self.dead is None else self.dead | off

    def keep(self, cond: Truths | None) -> Rows | None:
        """Goes on with the rows that are not dead and, if it is given, have ``cond``; says which
        these are. None: all of them."""
        if self.dead is not None:
            cond = ~self.dead if cond is None else cond & ~self.dead
            self.dead = None
        if cond is None:
            return None
        kept = cond.nonzero()[0]
        self.rows = self.rows[kept]
        if not isinstance(self.keys, int):
            self.keys = self.keys[kept]
        return kept

    def reach(self, words: Words, marks: int, part: int) -> None:
        """The rows have reached the end of the program's part of that number."""
        out = self.out
        out.rows.append(self.rows)
        out.keys.append(self.keys)
        out.words.append(words)
        out.parts.append(part)
        out.seen |= marks

    def mark(self, mark: int, where: Truths | bool) -> None:
        """Some rows may have executed the mark."""
        if where is not False and np.any(where):
            self.out.seen |= 1 << mark


class Look:
    """What the evaluation of a claim needs: ``dead`` are the rows in which it is an error."""

    __slots__ = ("dead", "look")

    def __init__(self, look: Callable[[], object]) -> None:
        self.dead: Truths | None = None
        self.look = look

    def fail(self, claim: int, bad: Truths) -> None:
        self.dead = bad if self.dead is None else self.dead | bad
