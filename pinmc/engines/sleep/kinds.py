"""Which steps need not be taken, as their next states are reached all the same.

Breadth-first search takes every step from every state; most of them lead to what is known. Let the
state s have been reached by the step a, from t, and let b be a step from s that neither needs
anything a changed nor changes anything a needs. Then b may be taken in t, too, and a after it, and
both orders end in the same state. So b need not be taken from s if a is taken from b(t). All steps
are ranked; b is left out only if its rank is below a's.

That no state is missed, nor found at a greater depth: let s be at depth d, w = b(s) at depth d + 1.
By induction everything at depth d has been found, b(t) with it, whose depth must be d. If a is left
out in b(t), then b(t) was itself reached by a step of a higher rank than a, and so on; ranks run
out. The argument holds whichever of several steps reached a state first, so it does not matter in
what order the states of a level are expanded, nor by how many threads.

These are the sleep sets of Godefroid ("Partial-Order Methods for the Verification of Concurrent
Systems", 1996), cut down to what breadth-first search can do without their being handed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from pinmc.base.records import dataclass
from pinmc.engines.sleep.effects import Cell, Effect, effect_of, index_cells
from pinmc.ir.command import Command
from pinmc.ir.evaluate import slot
from pinmc.ir.execute import assignments
from pinmc.ir.types import size

MOST_KINDS = 128
"""That are told apart, ``ALWAYS`` included."""

_MOST_FAMILIES = 255
_MOST_COMBINATIONS = 2048
_MOST_COMBINATIONS_OF_ONE = 32


Part: TypeAlias = tuple[Command, tuple[int, ...]]
"""The instances of a command that begin with some arguments."""


@dataclass(frozen=True, slots=True)
class Step:
    """Command instances that are told apart no further: those of ``command`` whose first arguments
    are ``args``. ``counter`` is the slot of the actor's program counter; steps of one ``family``
    have one rank. Families are numbered from 0."""

    command: Command
    args: tuple[int, ...]
    counter: int | None
    family: int


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of one step: one for each combination of the values of ``cells``, row-major."""

    cells: tuple[Cell, ...]
    kinds: tuple[int, ...]


ALWAYS = Kinds((), (0,))
"""Of a step that is always taken, and after which everything is."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """``steps`` has the kinds of each step. ``independent``: for each kind those of other families
    that it is independent of, as bits; ``families`` are theirs. Kind 0 is independent of none."""

    steps: tuple[Kinds, ...]
    independent: tuple[int, ...]
    families: tuple[int, ...]

    @property
    def idle(self) -> bool:
        """Whether every step is always taken."""
        return not any(self.independent)


def steps_of(rules: Sequence[Part], agents: Sequence[Sequence[Part]]) -> list[Step]:
    """The parts of rules, each a family of its own, then those of each agent, a family each.

    In this order of ranks much is left out: rules are mostly enabled and depend on little.
    """
    steps = [Step(command, args, None, n) for n, (command, args) in enumerate(rules)]
    for agent, parts in enumerate(agents):
        for command, args in parts:
            assert command.at is not None
            counter = slot(command.at.var, args[: len(command.at.var.dims)])
            steps.append(Step(command, args, counter, len(rules) + agent))
    return steps


def sleep_of(steps: Sequence[Step]) -> Sleep:
    """What need not be taken after what."""
    families = 1 + max((step.family for step in steps), default=0)
    if len(steps) > _MOST_COMBINATIONS or families > _MOST_FAMILIES:
        return Sleep((ALWAYS,) * len(steps), (0,), (0,))
    picked: list[tuple[Cell, ...]] = [_cells(step) for step in steps]
    if sum(map(_combinations, picked)) > _MOST_COMBINATIONS:
        picked = [() for _ in steps]
    effects, owners = list[Effect | None](), list[int]()
    for step, cells in zip(steps, picked, strict=True):
        for values in assignments([cell.type for cell in cells]):
            effects.append(_effect(step, cells, values))
            owners.append(step.family)
    numbers, independent, owned = _numbered(_independent(effects, owners), owners)
    made, begin = list[Kinds](), 0
    for cells in picked:
        end = begin + _combinations(cells)
        made.append(Kinds(cells, tuple(numbers[begin:end])))
        begin = end
    return Sleep(tuple(made), independent, owned)


def left_out(sleep: Sleep) -> list[int]:
    """For each kind what is left out in a state that it led to, as bits, if the families are ranked
    as they are numbered."""
    below, lower = list[int](), 0
    for family in range(1 + max(sleep.families)):
        below.append(lower)
        lower |= sum(1 << kind for kind, of in enumerate(sleep.families) if of == family)
    return [
        mask & below[family] for mask, family in zip(sleep.independent, sleep.families, strict=True)
    ]


def _cells(step: Step) -> tuple[Cell, ...]:
    """The cells to tell kinds apart by."""
    chosen: tuple[Cell, ...] = ()
    for cell in index_cells(step.command, step.args):
        if _combinations((*chosen, cell)) <= _MOST_COMBINATIONS_OF_ONE:
            chosen = (*chosen, cell)
    return chosen


def _combinations(cells: Sequence[Cell]) -> int:
    count = 1
    for cell in cells:
        count *= size(cell.type)
    return count


def _effect(step: Step, cells: Sequence[Cell], values: Sequence[int]) -> Effect | None:
    known = {cell.slot: value for cell, value in zip(cells, values, strict=True)}
    return effect_of(step.command, step.args, step.counter, known)


def _independent(effects: Sequence[Effect | None], owners: Sequence[int]) -> list[int]:
    """For each kind, as bits, those of other families that it is independent of."""
    touching, changing = dict[int, int](), dict[int, int]()
    alike, members = dict[tuple[str, int], int](), dict[int, int]()
    there = 0
    for number, (effect, owner) in enumerate(zip(effects, owners, strict=True)):
        if effect is not None:
            there |= 1 << number
            members[owner] = members.get(owner, 0) | 1 << number
            _note(effect, 1 << number, touching, changing, alike)
    found: list[int] = []
    for effect, owner in zip(effects, owners, strict=True):
        if effect is None:
            found.append(0)
            continue
        mask = there & ~members[owner]
        for cell in _bits(effect.reads):
            mask &= ~changing.get(cell, 0)
        for cell in _bits(effect.writes):
            mask &= ~touching[cell]
        for manner, slots in _manners(effect):
            for cell in _bits(slots):
                mask &= ~touching[cell] | alike[manner, cell]
        found.append(mask)
    return found


def _note(
    effect: Effect,
    bit: int,
    touching: dict[int, int],
    changing: dict[int, int],
    alike: dict[tuple[str, int], int],
) -> None:
    """Enters a kind, which has the bit, wherever it belongs."""
    for cell in _bits(effect.reads | effect.writes):
        touching[cell] = touching.get(cell, 0) | bit
    for cell in _bits(effect.writes):
        changing[cell] = changing.get(cell, 0) | bit
    for manner, slots in _manners(effect):
        for cell in _bits(slots):
            touching[cell] = touching.get(cell, 0) | bit
            changing[cell] = changing.get(cell, 0) | bit
            alike[manner, cell] = alike.get((manner, cell), 0) | bit


def _manners(effect: Effect) -> list[tuple[str, int]]:
    """The sets of cells that two steps may change one after the other, in either order."""
    found = [("raised", effect.raised), ("lowered", effect.lowered), ("turned", effect.turned)]
    return found + [(f"given {value}", slots) for value, slots in effect.given]


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def _numbered(
    independent: Sequence[int], owners: Sequence[int]
) -> tuple[list[int], tuple[int, ...], tuple[int, ...]]:
    """The number of each kind, those that are alike having the same; what the numbers are
    independent of, and whose they are. Where there are too many, those go without a number that
    are independent of few."""
    alike = dict[tuple[int, int], int]()
    for number, key in enumerate(zip(independent, owners, strict=True)):
        if key[0]:
            alike[key] = alike.get(key, 0) | 1 << number
    order = sorted(
        alike, key=lambda key: (-key[0].bit_count() * alike[key].bit_count(), alike[key])
    )
    kept = order[: MOST_KINDS - 1]
    numbers = [0] * len(independent)
    for number, key in enumerate(kept, 1):
        for member in _bits(alike[key]):
            numbers[member] = number
    sets = [sum({1 << numbers[member] for member in _bits(mask)} - {1}) for mask, _ in kept]
    return numbers, (0, *sets), (0, *(owner for _, owner in kept))
