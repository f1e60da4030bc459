"""Whatever is mined from a random system's states is true in all of them, by the definition."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from pinmc.base.source import NOWHERE
from pinmc.engines.smt.mining import Instance, Origin, candidates, reachable
from pinmc.engines.smt.mining.contexts import contexts
from pinmc.engines.smt.mining.table import Table
from pinmc.engines.smt.mining.terms import terms
from pinmc.ir.expr import type_of
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.semantics import Next, State, evaluate, initial_states, successors
from pinmc.ir.system import System
from pinmc.ir.types import Bool
from pinmc.ir.verify import verify
from tests.property.systems import Dice, build_system
from tests.rounds import rounds

SYSTEMS, FAST = 60, 16
STATES = 150


def _system(seed: int, number: int) -> System:
    return build_system(Dice(Random(seed + number)))


def _states(instance: Instance) -> list[State]:
    rows = instance.states.matrix.tolist()
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("number", rounds(SYSTEMS, FAST))
def test_every_candidate_is_true_in_every_state(seed: int, number: int) -> None:
    system = _system(seed, number)
    instance = Instance(system, reachable(system, STATES))
    states = _states(instance)
    for lemma in candidates([instance], most=400):
        assert type_of(lemma.expr) == Bool()
        for state in states:
            assert evaluate(system, lemma.expr, state) == 1, (lemma, state)


@pytest.mark.parametrize("number", rounds(SYSTEMS, FAST, step=4))
def test_every_candidate_is_a_well_formed_claim(seed: int, number: int) -> None:
    system = _system(seed, number)
    instance = Instance(system, reachable(system, STATES))
    mined = tuple(
        Property(f"mined{n}", PropertyKind.LEMMA, NOWHERE, lemma.expr)
        for n, lemma in enumerate(candidates([instance], most=400))
    )
    assert verify(replace(system, properties=(*system.properties, *mined))) == verify(system)


@pytest.mark.parametrize("number", rounds(SYSTEMS, FAST, step=4))
def test_columns_hold_what_the_definition_says(seed: int, number: int) -> None:
    system = _system(seed, number)
    instance = Instance(system, reachable(system, STATES))
    table = Table(instance)
    states = _states(instance)
    for term in terms(system, contexts(system)[0]):
        column = table.column(term.expr, {})
        assert column.tolist() == [evaluate(system, term.expr, state) for state in states]


@pytest.mark.parametrize("number", rounds(SYSTEMS, FAST))
def test_states_are_those_of_the_definition(seed: int, number: int) -> None:
    system = _system(seed, number)
    found = reachable(system, STATES)
    known: dict[State, None] = dict.fromkeys(initial_states(system)[0])
    waiting = list(known)
    while waiting and len(known) <= STATES:
        for _, outcome in successors(system, waiting.pop(0)):
            if isinstance(outcome, Next) and outcome.state not in known:
                known[outcome.state] = None
                waiting.append(outcome.state)
    mined = {tuple(row) for row in found.matrix.tolist()}
    if found.complete:
        assert mined == set(known)
    else:
        assert len(mined) == STATES and len(known) >= STATES


@pytest.mark.slow
def test_something_of_every_kind_is_found(seed: int) -> None:
    """A miner that finds nothing would pass all of the above. (Weighted sums need steps that add
    in proportion: tests/unit/engines/mining/test_sums.py.)"""
    kinds = set()
    for number in range(SYSTEMS):
        system = _system(seed, number)
        found = candidates([Instance(system, reachable(system, STATES))])
        kinds |= {lemma.origin for lemma in found}
    assert kinds >= set(Origin) - {Origin.SUM}
