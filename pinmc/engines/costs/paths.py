"""Heaviest paths and heavy loops in a graph given as arrays.

Bellman and Ford's relaxation (Bellman, "On a routing problem", 1958; Ford, 1956), a whole round at
a time: only steps from states that improved in the round before are looked at. A loop of positive
weight shows as a loop of the predecessors, which are followed by doubling every few rounds.
"""

from __future__ import annotations

import numpy as np

from pinmc.base.records import dataclass
from pinmc.engines.costs.graph import Flags, Ints

NEVER = -(2**62)
"""The weight of a state that is not reached."""

_ROUNDS_BETWEEN_LOOKS = 8


@dataclass(frozen=True, slots=True)
class Steps:
    """A graph of ``states`` states, with the steps sorted by where they lead."""

    states: int
    sources: Ints
    targets: Ints
    numbers: Ints

    @staticmethod
    def of(states: int, sources: Ints, targets: Ints, kept: Flags | None = None) -> Steps:
        """``kept``: which of the steps belong to it. ``numbers`` are positions in ``sources``."""
        chosen = np.arange(len(sources)) if kept is None else np.flatnonzero(kept)
        order = chosen[np.argsort(targets[chosen], kind="stable")]
        return Steps(states, sources[order], targets[order], order)


@dataclass(frozen=True, slots=True)
class Heaviest:
    """``weights``: of the heaviest path to each state. ``parents``: the last step of it, -1 where
    it begins. ``loop``: steps that form a loop of positive weight; then the rest means nothing."""

    weights: Ints
    parents: Ints
    loop: tuple[int, ...] = ()

    def path(self, state: int, sources: Ints) -> tuple[int, ...]:
        """The steps of the heaviest path to ``state``."""
        found: list[int] = []
        while self.parents[state] >= 0:
            step = int(self.parents[state])
            found.append(step)
            state = int(sources[step])
        return tuple(reversed(found))


def heaviest(steps: Steps, weights: Ints, begin: Flags) -> Heaviest:
    """Heaviest paths from the states ``begin``, (states,), or a loop of positive weight.

    ``weights``: of each step, in the order of the arrays that ``steps`` was made of.
    """
    weight = weights[steps.numbers]
    best = np.where(begin, 0, NEVER).astype(np.int64)
    parents = np.full(steps.states, -1, dtype=np.int64)
    changed = begin.copy()
    rounds = 0
    while True:
        active = np.flatnonzero(changed[steps.sources])
        if not len(active):
            return Heaviest(best, parents)
        changed = _relax(steps, weight, active, best, parents)
        rounds += 1
        if not rounds % _ROUNDS_BETWEEN_LOOKS:
            loop = _loop(steps, parents)
            if loop:
                return Heaviest(best, parents, loop)


def _relax(steps: Steps, weight: Ints, active: Ints, best: Ints, parents: Ints) -> Flags:
    """One round over the steps ``active``; which states have improved."""
    targets = steps.targets[active]
    offered = best[steps.sources[active]] + weight[active]
    begins = np.flatnonzero(np.r_[True, targets[1:] != targets[:-1]])
    where = targets[begins]
    top = np.maximum.reduceat(offered, begins)
    better = top > best[where]
    changed = np.zeros(steps.states, dtype=np.bool_)
    changed[where[better]] = True
    # Of several that are as good the first wins: later writes are overwritten, so go backwards.
    good = np.flatnonzero(changed[targets] & (offered == np.repeat(top, _lengths(begins, targets))))
    parents[targets[good[::-1]]] = steps.numbers[active[good[::-1]]]
    best[where[better]] = top[better]
    return changed


def _lengths(begins: Ints, targets: Ints) -> Ints:
    lengths: Ints = np.diff(np.r_[begins, len(targets)])
    return lengths


def _loop(steps: Steps, parents: Ints) -> tuple[int, ...]:
    """The steps of a loop of predecessors, in order; () if there is none."""
    source_of = np.full(int(steps.numbers.max()) + 1, -1, dtype=np.int64)
    source_of[steps.numbers] = steps.sources
    before = np.where(parents >= 0, source_of[parents], -1)
    root = steps.states
    jump = np.r_[np.where(before >= 0, before, root), root]
    for _ in range(steps.states.bit_length()):
        jump = jump[jump]
    caught = np.flatnonzero(jump[:-1] != root)
    if not len(caught):
        return ()
    start = int(jump[caught[0]])  # so many steps back it is on the loop itself
    found, state = list[int](), start
    while True:
        step = int(parents[state])
        found.append(step)
        state = int(source_of[step])
        if state == start:
            return tuple(reversed(found))


def reaching(steps: Steps, goals: Flags) -> Flags:
    """The states with a path to one of ``goals``, these included."""
    found = goals.copy()
    order = np.argsort(steps.targets, kind="stable")
    sources, targets = steps.sources[order], steps.targets[order]
    fresh = goals
    while True:
        more = sources[fresh[targets] & ~found[sources]]
        if not len(more):
            return found
        fresh = np.zeros(steps.states, dtype=np.bool_)
        fresh[more] = True
        found |= fresh
