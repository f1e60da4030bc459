"""A lemma against a state is false there, by the definition, and true in every explored state."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from pinmc.base.source import NOWHERE
from pinmc.engines.smt.mining import Corner, Instance, reachable
from pinmc.ir.evaluate import cells
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.semantics import State, evaluate
from pinmc.ir.system import System
from pinmc.ir.types import bounds
from pinmc.ir.verify import verify
from tests.property.systems import Dice, build_system

SYSTEMS = 60
STATES = 120


def _strangers(system: System, known: set[State], dice: Random) -> list[State]:
    """States beside the known ones: one of them with one or two cells changed."""
    slots = [
        (var.offset + n, bounds(var.type)) for var in system.variables for n in range(cells(var))
    ]
    found = set()
    for _ in range(12 if known else 0):
        state = list(dice.choice(sorted(known)))
        for slot, (lo, hi) in dice.sample(slots, min(2, len(slots))):
            state[slot] = dice.randint(max(lo, -9), min(hi, 9)) if lo <= 9 and hi >= -9 else lo
        found.add(tuple(state))
    return sorted(found - known)


@pytest.mark.parametrize("number", range(SYSTEMS))
def test_lemmas_against_states(seed: int, number: int) -> None:
    system = build_system(Dice(Random(seed + number)))
    states = reachable(system, STATES)
    known = {tuple(row) for row in states.matrix.tolist()}
    corner = Corner(Instance(system, states))
    for state in _strangers(system, known, Random(seed + number)):
        for n, lemma in enumerate(corner.lemmas(state)):
            assert evaluate(system, lemma, state) == 0, (lemma, state)
            for one in known:
                assert evaluate(system, lemma, one) == 1, (lemma, one)
            mined = Property(f"mined{n}", PropertyKind.LEMMA, NOWHERE, lemma)
            more = replace(system, properties=(*system.properties, mined))
            assert verify(more) == verify(system)


def test_most_states_can_be_told_from_the_explored_ones(seed: int) -> None:
    told = strange = 0
    for number in range(SYSTEMS):
        system = build_system(Dice(Random(seed + number)))
        states = reachable(system, STATES)
        known = {tuple(row) for row in states.matrix.tolist()}
        corner = Corner(Instance(system, states))
        for state in _strangers(system, known, Random(seed + number)):
            if not states.wide:
                strange += 1
                told += any(True for _ in corner.lemmas(state))
        for state in sorted(known)[:3] if not states.wide else ():
            assert not list(corner.lemmas(state))
    assert strange > 100 and told > 0.95 * strange, (told, strange)
