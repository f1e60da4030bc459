"""From a state's number back to the schedule that reaches it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from pinmc.engines.interp.claims import Hit
from pinmc.engines.interp.layout import Key
from pinmc.engines.interp.program import tagged
from pinmc.engines.interp.search import Search
from pinmc.results.schedule import Move, Schedule


def schedule_of(search: Search, hit: Hit) -> Schedule:
    """The shortest schedule to what ``hit`` tells of, the lexicographically least of them."""
    if hit.error is not None and hit.error[0] < 0:
        return Schedule(hit.state, (), True)
    path = _path(search, hit.state)
    moves = [
        _move(search, search.states[earlier], search.states[later])
        for earlier, later in pairwise(path)
    ]
    if hit.after is not None:
        moves.append(_move(search, search.states[path[-1]], hit.after))
    if hit.error is not None:
        moves.append(Move(*hit.error))
    return Schedule(path[0], tuple(moves), hit.error is not None)


def _path(search: Search, state: int) -> list[int]:
    path = [state]
    while search.parents[path[-1]] != path[-1]:
        path.append(search.parents[path[-1]])
    return path[::-1]


def _move(search: Search, key: Key, after: Key) -> Move:
    """The first command instance, in the order of steps, that leads from ``key`` to ``after``."""
    program = search.program
    candidates = program.at(program.places(key))
    for function, target in zip(candidates.functions, candidates.targets, strict=True):
        reached: list[Any] = []
        function(key, reached.append)
        if after not in reached:
            continue
        teller = program.function(tagged(target))
        assert teller is not None
        told: list[Any] = []
        teller(key, told.append)
        args = next(args for state, args in told if state == after)
        return Move(target.number, args)
    raise AssertionError("a state was reached that none of its parent's commands reaches")
