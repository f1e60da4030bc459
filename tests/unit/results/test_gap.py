"""Counterexamples to induction in the specification's words."""

from __future__ import annotations

import pickle
from dataclasses import replace

from pinmc.engines.smt.proving.outcome import Rung
from pinmc.engines.smt.proving.prove import Prover, explored
from pinmc.ir.system import System
from pinmc.reports.terminal.gap import gap_lines
from pinmc.results.gap import Found, InductionGap, gap_of
from tests.checking import system_of

LOCKED = """
scalarset User[2]
var refs: int
ghost var held[User]: bool
mutex big
actor driver[u: User] {
  loop {
    lock(big)
    pin()
    held[u] = true
    unlock(big)
  }
}
action pin() as "pin_user_pages()" when refs < 1000 { refs += 2 }
invariant odd: refs != 777
"""


def shown(text: str, name: str, states: int = 50) -> tuple[System, InductionGap]:
    system = system_of(text)
    prover = Prover(system, [explored(system, states)], rungs=[Rung.LEMMAS], mining=False)
    prop = next(p for p in system.properties if p.name == name)
    outcome = prover.prove(prop, 20)
    assert outcome.gap is not None
    return system, prover.explain(prop, outcome.gap)


def test_two_states_and_the_step_between_them() -> None:
    _, gap = shown(LOCKED, "odd")
    assert gap.where == "step" and gap.claim and not gap.reachable and not gap.lost
    assert ("refs", "775") in gap.state.values
    assert gap.step is not None and gap.step.shown == "pin_user_pages()"
    actor = gap.step.actor
    assert actor in ("driver[User0]", "driver[User1]")
    assert ("big", f"held by {actor}") in gap.state.values
    changes = {c.name: (c.before, c.after, c.ghost) for c in gap.step.changes}
    assert changes.pop("refs") == ("775", "777", False)
    assert changes in ({}, {f"held{actor[6:]}": ("false", "true", True)})
    (moved,) = gap.moved
    assert moved.name == actor and moved.before == "9: pin()"
    assert moved.after.startswith(("10: ", "11: "))
    assert dict(gap.state.places)[actor] == moved.before


def test_the_report() -> None:
    _, gap = shown(LOCKED, "odd")
    lines = gap_lines(gap)
    assert lines[0] == "the induction fails in a state that is not known to be reachable:"
    assert lines[-1] == "after it the property fails"
    text = "\n".join(lines)
    assert "a step from there:" in text and "pin_user_pages()" in text
    assert "775 → 777" in text and "spec.pin:9" in text
    assert len(gap_lines(gap, 40)) > len(lines)
    assert "\x1b[" in "".join(gap_lines(gap, 100, True))


def test_it_can_be_sent_to_another_process() -> None:
    _, gap = shown(LOCKED, "odd")
    assert pickle.loads(pickle.dumps(gap)) == gap


def test_a_reachable_state_is_said_to_be() -> None:
    text = "var x: int\nrule up() { x += 1 }\ninvariant small: x < 10"
    system, gap = shown(text, "small", 20)
    assert gap.reachable and gap.claim
    assert gap_lines(gap)[0] == "the induction fails in a state that is reachable:"
    assert gap.step is not None and gap.step.actor == "rule"
    assert [(c.before, c.after) for c in gap.step.changes] == [("9", "10")]
    assert system.views


def test_a_found_error_is_the_step() -> None:
    text = """
    var x: int
    var y: 0..5
    rule up() when x < 50 { x += 2 }
    rule put() when x == 33 { y = x }
    """
    _, gap = shown(text, "errors", 10)
    assert gap.where == "safety" and gap.step is not None
    assert gap.step.error and gap.step.action.startswith("put")
    lines = gap_lines(gap)
    assert "  error  'x' is outside 0..5" in lines
    assert lines[-1] == "there the property fails"


def test_a_step_invariant_is_about_two_states() -> None:
    text = "var x: int\nrule up() { x += 2 }\nstep invariant calm: x' != 9"
    _, gap = shown(text, "calm", 10)
    assert gap.where == "safety" and gap.step is not None
    assert [(c.before, c.after) for c in gap.step.changes] == [("7", "9")]


def test_a_deadlock_has_no_step() -> None:
    _, gap = shown(LOCKED, "deadlock", 20)
    assert gap.where == "safety" and gap.step is None and not gap.moved
    assert gap_lines(gap)[-1] == "there the property fails"


def test_lemmas_that_fail_are_named() -> None:
    system = system_of("var x: int\nrule up() { x += 1 }\ninvariant small: x < 10")
    (small,) = [p for p in system.properties if p.name == "small"]
    assert small.expr is not None
    found = Found("step", False, (9,), (10,), False, (small.expr,))
    gap = gap_of(system, small, found)
    assert gap_lines(gap)[-1] == "after it this lemma fails: x < 10"
    first = gap_of(system, small, replace(found, where="init", after=None))
    assert gap_lines(first)[0] == "the induction fails in an initial state:"
    assert gap_lines(replace(first, lost=()))[-1] == "there a cell holds no value of its type"
