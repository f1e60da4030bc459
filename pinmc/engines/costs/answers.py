"""From the graph of a design to the bounds that are asked for.

Sums: Bellman and Ford. Ratios: Dinkelbach's iteration ("On nonlinear fractional programming",
1967) in exact arithmetic: a loop whose ratio beats the best so far is one of positive weight when
each step weighs its cost less the best ratio times what it is compared with; when there is none,
the best is the greatest.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from pinmc.base.records import dataclass
from pinmc.engines.costs.graph import CostGraph, Flags, Ints
from pinmc.engines.costs.paths import Steps, heaviest, reaching
from pinmc.ir.property import Property
from pinmc.ir.semantics import Next, successors
from pinmc.ir.system import MarkKind
from pinmc.results.costs import Extreme, GoalCost, LoopCost, confirm_goal, confirm_ratio
from pinmc.results.schedule import Move, Schedule


@dataclass(frozen=True, slots=True)
class _Way:
    """The first state of a path and the numbers of its steps."""

    start: int
    steps: tuple[int, ...]


class Answers:
    """Answers about one graph; what several of them need is made once."""

    def __init__(self, graph: CostGraph) -> None:
        self._graph = graph
        self._count = graph.count
        self._all = Steps.of(self._count, graph.sources, graph.targets)
        self._begin = np.arange(self._count) < graph.initial
        self._scale = self._count + 1
        """Weights are scaled so that of paths as heavy the one with fewer steps wins."""

    # --- until a goal --------------------------------------------------------------------------

    def goal(self, cost: str, prop: Property) -> GoalCost:
        """What ``cost`` comes to on the way to ``prop``. Raises ReplayError: our mistake."""
        goals = self._goals(prop)
        found = GoalCost(cost, prop.name, None, None)
        if goals.any():
            least = self._least(cost, goals)
            found = GoalCost(cost, prop.name, least, self._greatest(cost, goals))
        for extreme in (found.least, found.greatest):
            if extreme is not None:
                confirm_goal(self._graph.system, found, extreme)
        return found

    def _goals(self, prop: Property) -> Flags:
        assert prop.expr is not None
        return self._graph.where(prop.expr)

    def _least(self, cost: str, goals: Flags) -> Extreme:
        weights = -(self._graph.cost(cost) * self._scale + 1)
        found = heaviest(self._all, weights, self._begin)
        assert not found.loop, "costs are never negative"
        return self._total(cost, self._best(found.weights, goals), found.parents)

    def _greatest(self, cost: str, goals: Flags) -> Extreme:
        graph = self._graph
        useful = reaching(self._all, goals)
        kept = ~goals[graph.sources] & useful[graph.sources] & useful[graph.targets]
        steps = Steps.of(self._count, graph.sources, graph.targets, kept)
        found = heaviest(steps, graph.cost(cost) * self._scale - 1, self._begin & useful)
        if found.loop:
            return self._round(found.loop, None, steps)
        return self._total(cost, self._best(found.weights, goals), found.parents)

    @staticmethod
    def _best(weights: Ints, goals: Flags) -> int:
        among = np.flatnonzero(goals)
        return int(among[np.argmax(weights[among])])

    def _total(self, cost: str, state: int, parents: Ints) -> Extreme:
        way = self._way(state, parents)
        value = int(self._graph.cost(cost)[list(way.steps)].sum()) if way.steps else 0
        return Extreme(Fraction(value), self._schedule(way))

    # --- per round of a loop -------------------------------------------------------------------

    def loops(self, cost: str, per: str) -> LoopCost:
        """The least and greatest ratio over all loops. Raises ReplayError: our mistake."""
        of, to = self._graph.cost(cost), self._graph.cost(per)
        first = self._loop(to * self._scale - 1)
        found = LoopCost(cost, per, None, self._free(of, to))
        if first:
            least = self._extreme(first, of, to, -1)
            greatest = found.greatest or self._extreme(first, of, to, 1)
            found = LoopCost(cost, per, least, greatest)
        for extreme in (found.least, found.greatest):
            if extreme is not None:
                confirm_ratio(self._graph.system, found, extreme)
        return found

    def _loop(self, weights: Ints, steps: Steps | None = None) -> tuple[int, ...]:
        """A loop of positive weight, if there is one."""
        everywhere = np.ones(self._count, dtype=np.bool_)
        if not len((steps or self._all).numbers):
            return ()
        return heaviest(steps or self._all, weights, everywhere).loop

    def _free(self, of: Ints, to: Ints) -> Extreme | None:
        """A loop that costs although what the cost is compared with does not grow."""
        graph = self._graph
        steps = Steps.of(self._count, graph.sources, graph.targets, to == 0)
        loop = self._loop(of * self._scale - 1, steps)
        return self._round(loop, None, self._all) if loop else None

    def _extreme(self, loop: tuple[int, ...], of: Ints, to: Ints, sign: int) -> Extreme:
        while True:
            ratio = _ratio(loop, of, to)
            weights = sign * (of * ratio.denominator - to * ratio.numerator)
            better = self._loop(weights * self._scale - 1)
            if not better:
                return self._round(loop, ratio, self._all)
            loop = better

    # --- runs ----------------------------------------------------------------------------------

    def _round(self, loop: tuple[int, ...], value: Fraction | None, steps: Steps) -> Extreme:
        """The shortest way to the loop, and once round it."""
        graph = self._graph
        near = heaviest(steps, np.full(len(graph.sources), -1, dtype=np.int64), self._begin)
        begins = [int(graph.sources[step]) for step in loop]
        first = max(range(len(loop)), key=lambda n: (near.weights[begins[n]], -n))
        way = self._way(begins[first], near.parents)
        whole = _Way(way.start, (*way.steps, *loop[first:], *loop[:first]))
        return Extreme(value, self._schedule(whole), len(way.steps))

    def _way(self, state: int, parents: Ints) -> _Way:
        found: list[int] = []
        while parents[state] >= 0:
            found.append(int(parents[state]))
            state = int(self._graph.sources[found[-1]])
        return _Way(state, tuple(reversed(found)))

    def _schedule(self, way: _Way) -> Schedule:
        return Schedule(way.start, tuple(self._move(step) for step in way.steps))

    def _move(self, step: int) -> Move:
        """The first command instance that takes the step at its price."""
        graph = self._graph
        after = graph.state(int(graph.targets[step]))
        price = graph.costs[:, step].tolist()
        for (command, args), outcome in successors(
            graph.system, graph.state(int(graph.sources[step]))
        ):
            if (
                isinstance(outcome, Next)
                and outcome.state == after
                and self._costs(outcome) == price
            ):
                return Move(command, args)
        raise AssertionError("a step was found that no command takes")

    def _costs(self, outcome: Next) -> list[int]:
        system = self._graph.system
        spent = dict.fromkeys(self._graph.names, 0)
        for number, args in outcome.marks:
            mark = system.marks[number]
            if mark.kind is MarkKind.COST and mark.name in spent:
                spent[mark.name] += args[0] or 0
        return [spent[name] for name in self._graph.names]


def _ratio(loop: Sequence[int], of: Ints, to: Ints) -> Fraction:
    chosen = list(loop)
    return Fraction(int(of[chosen].sum()), int(to[chosen].sum()))
