"""Induction over several steps: what held in k different states in a row holds in the next one.

Sheeran, Singh and Stålmarck, "Checking safety properties using induction and a SAT-solver", 2000.
That the states are different costs nothing: a shortest path to a bad state visits none twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pinmc.base.records import dataclass
from pinmc.engines.smt.proving.asker import Asker, Claim
from pinmc.engines.smt.proving.induction import core, supported

MOST_STEPS = 5
"""Longer paths are hardly ever what a proof lacks, and each costs more than the one before."""


@dataclass(frozen=True, slots=True)
class Longer:
    """An induction over ``k`` steps that succeeds with some lemmas."""

    k: int
    lemmas: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """So many steps from an initial state lead to where the property fails."""

    steps: int


def by_steps(
    asker: Asker, claim: Claim, background: Sequence[int], most: int = MOST_STEPS
) -> Longer | Broken | None:
    """A proof over 2 to ``most`` steps, none if there is none. ``background``: lemmas that are
    inductive by themselves. Raises Unsure."""
    paths = _Paths(asker, claim, background)
    for k in range(1, most + 1):
        # For one step nothing is tried, but the beginning of the longer paths must be right.
        if paths.broken_at(k - 1):
            return Broken(k - 1)
        if k > 1 and paths.proved_by(k):
            return Longer(k, tuple(paths.needed(k)))
    return None


class _Paths:
    """Paths from the beginning, and paths from anywhere, one step longer at a time."""

    def __init__(self, asker: Asker, claim: Claim, background: Sequence[int]) -> None:
        self._asker = asker
        self._claim = claim
        self._background = background
        self._own = asker.both(asker.types, claim.own)
        self._start = asker.solver(asker.init)
        self._path = asker.solver()
        self._length = 0

    def broken_at(self, moment: int) -> bool:
        """Whether the property fails after so many steps; to be asked of 0, 1, 2, …"""
        asker, claim = self._asker, self._claim
        if moment == 0 and asker.check(asker.solver(claim.start)):
            return True
        if moment:
            self._start.add(asker.at(asker.step, moment - 1))
        self._start.add(*self._lemmas(moment))
        wrong = [asker.at(each, moment) for each in (claim.bad, asker.opposite(self._own))]
        return self._asked(self._start, asker.either(wrong))

    def proved_by(self, k: int) -> bool:
        """Whether induction over ``k`` steps succeeds; to be asked of growing numbers."""
        while self._length < k:
            self._path.add(*self._moment(self._length), *self._lemmas(self._length))
            self._length += 1
        return not any(self._asked(self._path, each) for each in self._wrong(k))

    def needed(self, k: int) -> list[int]:
        """The lemmas of the background that the proof hangs on."""
        asker = self._asker
        marks = {n: asker.mark("given", n) for n in self._background}
        facts = [fact for moment in range(k) for fact in self._moment(moment)]
        rules = [
            asker.implies(mark, asker.at(asker.lemmas[n], moment))
            for n, mark in marks.items()
            for moment in range(k)
        ]
        found: dict[int, None] = {}
        for wrong in self._wrong(k):
            solver = asker.solver(*facts, *rules, wrong)
            found |= dict.fromkeys(core(asker, solver, marks))
        return supported(asker, self._own, self._background, list(found))

    def _wrong(self, k: int) -> Iterator[Any]:
        """After ``k`` states a step leaves the invariant; or the last of them is the first bad."""
        asker, claim = self._asker, self._claim
        out = asker.opposite(asker.at(self._own, k))
        yield asker.both(asker.at(asker.step, k - 1), out)
        before = [asker.opposite(asker.at(claim.bad, moment)) for moment in range(k - 1)]
        yield asker.all([asker.at(claim.bad, k - 1), *before])

    def _moment(self, moment: int) -> list[Any]:
        """What a path from anywhere has at this moment: a good state, unlike those before, and the
        step to it."""
        asker = self._asker
        step = [asker.at(asker.step, moment - 1)] if moment else []
        others = [asker.opposite(asker.same(other, moment)) for other in range(moment)]
        return [asker.at(self._own, moment), *step, *others]

    def _lemmas(self, moment: int) -> list[Any]:
        return [self._asker.at(self._asker.lemmas[n], moment) for n in self._background]

    def _asked(self, solver: Any, formula: Any) -> bool:
        solver.push()
        solver.add(formula)
        found = self._asker.check(solver)
        solver.pop()
        return found
