"""Which actor instances can never move again.

An agent is stuck in a state when it is not at an end there and no state reachable from it (itself
included) lets it move. Decided backwards: *fine* is the set of agents that are at an end or can
move in a state or, transitively, in a later one. Only states in which somebody is not fine at
once keep their edges: the others cannot become stuck.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import field

from pinmc.base.records import dataclass


@dataclass(slots=True)
class OpenStates:
    """The states, in order, in which some agent neither is at an end nor can move.

    ``fine`` are the bits of the other agents; the targets of state ``ids[i]`` are
    ``targets[starts[i]:starts[i + 1]]`` (the last ones up to the end).
    """

    ids: array[int] = field(default_factory=lambda: array("I"))
    fine: list[int] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("Q"))
    targets: array[int] = field(default_factory=lambda: array("I"))

    def add(self, state: int, fine: int, targets: list[int]) -> None:
        self.ids.append(state)
        self.fine.append(fine)
        self.starts.append(len(self.targets))
        self.targets.extend(targets)

    def after(self, position: int) -> array[int]:
        """The states one step after the open state at ``position``."""
        last = position + 1 == len(self.starts)
        end = len(self.targets) if last else self.starts[position + 1]
        return self.targets[self.starts[position] : end]


def stuck_agents(open_: OpenStates, everybody: int, look: Callable[[], object]) -> dict[int, int]:
    """For each state with stuck agents, their bits; states in ascending order.

    ``look`` is called now and then and may raise to stop. Time: edges of open states times agents.
    """
    position = {state: at for at, state in enumerate(open_.ids)}
    fine = list(open_.fine)
    _sweep(open_, position, fine, everybody, look)
    _spread(open_, position, fine, everybody, look)
    return {
        state: everybody & ~fine[at] for at, state in enumerate(open_.ids) if fine[at] != everybody
    }


def _sweep(
    open_: OpenStates,
    position: dict[int, int],
    fine: list[int],
    everybody: int,
    look: Callable[[], object],
) -> None:
    """One pass backwards: later states mostly have higher numbers, so this settles most."""
    for at in range(len(fine) - 1, -1, -1):
        if not at & 1023:
            look()
        fine[at] |= _after(open_, position, fine, everybody, at)


def _after(
    open_: OpenStates, position: dict[int, int], fine: list[int], everybody: int, at: int
) -> int:
    found = 0
    for target in open_.after(at):
        where = position.get(target)
        found |= everybody if where is None else fine[where]
        if found == everybody:
            break
    return found


def _spread(
    open_: OpenStates,
    position: dict[int, int],
    fine: list[int],
    everybody: int,
    look: Callable[[], object],
) -> None:
    """What the sweep left over, by following edges backwards until nothing changes."""
    before = _backward(open_, position, fine, everybody)
    waiting = list(before)
    turns = 0
    while waiting:
        turns += 1
        if not turns & 1023:
            look()
        at = waiting.pop()
        for earlier in before.get(at, ()):
            if fine[at] & ~fine[earlier]:
                fine[earlier] |= fine[at]
                waiting.append(earlier)


def _backward(
    open_: OpenStates, position: dict[int, int], fine: list[int], everybody: int
) -> dict[int, list[int]]:
    """For states after an unsettled one, the unsettled states before them."""
    before: dict[int, list[int]] = {}
    for at, bits in enumerate(fine):
        if bits == everybody:
            continue
        for target in set(open_.after(at)):
            where = position.get(target)
            if where is not None:
                before.setdefault(where, []).append(at)
    return before
