"""Steps that are said to be independent are, and leaving steps out loses no state and no level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

import pytest

from pinmc.base.records import dataclass
from pinmc.engines.sleep.kinds import Kinds, Part, Sleep, sleep_of, steps_of
from pinmc.ir.evaluate import row_major, slot
from pinmc.ir.execute import assignments
from pinmc.ir.semantics import Next, State, initial_states, step, successors
from pinmc.ir.system import System
from tests.checking import system_of
from tests.property.specs import SpecWriter
from tests.property.systems import Dice, build_system
from tests.rounds import rounds

GROUPS = rounds(12, fast=1)
SYSTEMS = 12
MOST_STATES = 120
MOST_PAIRS = 300


@dataclass(frozen=True, slots=True)
class Taken:
    """A step: the number of its command and its arguments, its kind, where it leads."""

    command: int
    args: tuple[int, ...]
    kind: int
    after: State


@dataclass(frozen=True, slots=True)
class Known:
    """A System and the kinds of its steps, by the command's number and the first arguments."""

    system: System
    sleep: Sleep
    kinds: Mapping[tuple[int, tuple[int, ...]], Kinds]

    @staticmethod
    def of(system: System, whole: bool) -> Known:
        """``whole``: arguments are all told apart, otherwise only those of actors."""
        rules: list[tuple[int, Part]] = []
        agents: dict[int, list[tuple[int, Part]]] = {}
        for number, command in enumerate(system.commands):
            own = len(command.at.var.dims) if command.at is not None else 0
            params = command.params if whole else command.params[:own]
            for args in assignments([param.domain for param in params]):
                part = (number, (command, args))
                if command.at is None:
                    rules.append(part)
                else:
                    agents.setdefault(slot(command.at.var, args[:own]), []).append(part)
        families = list(agents.values())
        sleep = sleep_of(
            steps_of([part for _, part in rules], [[part for _, part in of] for of in families])
        )
        order = [*rules, *(each for family in families for each in family)]
        names = [(number, args) for number, (_, args) in order]
        return Known(system, sleep, dict(zip(names, sleep.steps, strict=True)))

    def taken(self, state: State) -> Iterator[Taken]:
        for (number, args), outcome in successors(self.system, state):
            if isinstance(outcome, Next):
                yield Taken(number, args, self._kind(number, args, state), outcome.state)

    def _kind(self, number: int, args: tuple[int, ...], state: State) -> int:
        kinds = next(
            kinds
            for count in range(len(args) + 1)
            if (kinds := self.kinds.get((number, args[:count]))) is not None
        )
        values = [state[cell.slot] for cell in kinds.cells]
        return kinds.kinds[row_major([cell.type for cell in kinds.cells], values)]

    def independent(self, first: int, second: int) -> bool:
        return bool(self.sleep.independent[first] >> second & 1)


def some_systems(group: int, seed: int) -> Iterator[Known]:
    for number in range(SYSTEMS):
        own = seed + group * SYSTEMS + number
        yield Known.of(build_system(Dice(Random(own))), whole=number % 3 > 0)
        yield Known.of(system_of(SpecWriter(Random(own)).write()), whole=number % 3 > 0)


def levels_of(known: Known) -> list[list[State]]:
    """The states at each distance, of whole levels, until there are many."""
    levels = [initial_states(known.system)[0]]
    seen = set(levels[0])
    while levels[-1] and len(seen) < MOST_STATES:
        after = {taken.after for state in levels[-1] for taken in known.taken(state)} - seen
        seen |= after
        levels.append(sorted(after))
    return levels


@pytest.mark.parametrize("group", GROUPS)
def test_independent_steps_commute(group: int, seed: int) -> None:
    """By the definition of the semantics: either may come first, and both orders end alike."""
    compared = 0
    for known in some_systems(group, seed):
        left = MOST_PAIRS
        for state in (state for level in levels_of(known) for state in level):
            for first in known.taken(state):
                for second in known.taken(first.after):
                    if not left or not known.independent(first.kind, second.kind):
                        continue
                    left -= 1
                    compared += 1
                    other = step(known.system, state, second.command, second.args)
                    assert isinstance(other, Next), (first, second)
                    last = step(known.system, other.state, first.command, first.args)
                    assert isinstance(last, Next) and last.state == second.after, (first, second)
    assert compared > 1000


def ranks(known: Known, rng: Random) -> Sequence[int]:
    """A rank for each family, any at all."""
    order = list(range(1 + max(known.sleep.families)))
    rng.shuffle(order)
    return order


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_is_lost(group: int, seed: int) -> None:
    """Whatever the ranks, which may change from level to level, and whoever is first to reach a
    state: each level has the same states as without leaving anything out."""
    left_out = 0
    for number, known in enumerate(some_systems(group, seed)):
        rng, levels = Random(seed + number), levels_of(known)
        seen, via = set(levels[0]), dict.fromkeys(levels[0], 0)
        for level in levels[1:]:
            rank, found = ranks(known, rng), dict[State, list[int]]()
            for state, kind in via.items():
                for taken in known.taken(state):
                    higher = rank[known.sleep.families[kind]]
                    if known.independent(kind, taken.kind) and (
                        rank[known.sleep.families[taken.kind]] < higher
                    ):
                        left_out += 1
                    elif taken.after not in seen:
                        found.setdefault(taken.after, []).append(taken.kind)
            assert sorted(found) == level
            via = {state: rng.choice(kinds) for state, kinds in found.items()}
            seen |= set(via)
    assert left_out > 50
