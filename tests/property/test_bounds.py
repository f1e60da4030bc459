"""Bounds of random expressions over random systems: no explored state beats one, and one that is
attained is the optimum of the explored states."""

from __future__ import annotations

from random import Random

import pytest

from pinmc.engines.smt.bounds.extreme import extreme
from pinmc.engines.smt.bounds.question import Question
from pinmc.engines.smt.bounds.seen import furthest
from pinmc.engines.smt.proving.prove import explored
from pinmc.ir.expr import TRUE
from pinmc.ir.property import Verdict
from pinmc.ir.system import System
from pinmc.results.bounds import Basis
from tests.property.systems import Dice, Scope, build_system

SYSTEMS = 14
STATES = 3000


def _asked(dice: Dice, system: System) -> Question:
    scope = Scope(dice, system.variables, {}, [100_000], system.actors)
    condition = TRUE if dice.chance(5) else scope.truth(2)
    return Question(scope.number(2), condition, dice.chance(5))


@pytest.mark.parametrize("few", [True, False], ids=["few states seen", "all states seen"])
@pytest.mark.parametrize("number", range(SYSTEMS))
def test_no_state_beats_a_bound(seed: int, number: int, few: bool) -> None:
    dice = Dice(Random(seed + number))
    system = build_system(dice)
    whole = explored(system, STATES)
    question = _asked(dice, system)
    seen = furthest(whole, question)
    best = None if seen is None else seen.value
    found = extreme(system, question, [], "it", 20, states=6 if few else STATES)
    assert whole.states.complete
    if found.basis is Basis.NONE:
        assert found.reason
        return
    if found.empty:
        assert best is None and found.attained is None
        return
    assert found.value is not None
    assert best is None or not question.better(best, found.value)
    if found.attained is not None:
        assert found.attained.value == found.value == best
        (goal,) = found.attained.result.properties
        assert goal.verdict is Verdict.REACHED and goal.trace is not None
    else:
        assert best != found.value or few


def test_most_bounds_are_proved(seed: int) -> None:
    """From few states that were looked at, most are still proved and met."""
    proved = 0
    for number in range(SYSTEMS):
        dice = Dice(Random(seed + number))
        system = build_system(dice)
        question = _asked(dice, system)
        found = extreme(system, question, [], "it", 20, states=20)
        proved += found.basis is Basis.PROVED
    assert proved > SYSTEMS // 2
