"""Extreme values: what is proved, what explored, what attained."""

from __future__ import annotations

import pytest

from pinmc.engines.smt.bounds.extreme import extreme
from pinmc.engines.smt.bounds.question import Question, conjunction, taken_out
from pinmc.ir.system import System
from pinmc.results.bounds import Basis, Extreme
from tests.checking import system_of


def _asked(text: str, greatest: bool, states: int = 10_000) -> tuple[System, Extreme]:
    """The extreme of the claim ``it: NUMBER == 0``, where ``here`` holds."""
    system = system_of(text)
    it = next(p for p in system.properties if p.name == "it")
    assert it.expr is not None and hasattr(it.expr, "left")
    conditions = [p.expr for p in system.properties if p.name == "here" and p.expr is not None]
    question = Question(it.expr.left, conjunction(conditions), greatest)
    return system, extreme(system, question, [], "x", 30, states=states)


BELOW = "var x: int\nrule up() when x < 2000 { x += 1 }\nreachable it: x == 0\n"


def test_proved_and_attained() -> None:
    _, found = _asked(BELOW, True)
    assert (found.basis, found.value, found.lemmas > 0) == (Basis.PROVED, 2000, True)
    assert found.attained is not None and found.attained.value == 2000
    assert found.attained.result.properties[0].depth == 2000


def test_where_a_condition_holds() -> None:
    _, found = _asked(BELOW + "reachable here: x > 700 and x < 800\n", False)
    assert (found.basis, found.value) == (Basis.PROVED, 701)
    assert found.attained is not None and found.attained.result.properties[0].depth == 701


def test_nowhere() -> None:
    _, found = _asked(BELOW + "reachable here: x > 2002\n", False)
    assert found.basis is Basis.PROVED and found.empty and found.value is None
    assert found.attained is None


def test_further_than_was_looked() -> None:
    """The proof does not hang on how much was explored: only 10 states are."""
    _, found = _asked(BELOW, True, states=10)
    assert (found.basis, found.value) == (Basis.PROVED, 2000)
    assert found.seen[0].value == 9 and not found.seen[0].complete
    assert found.attained is not None  # the search for a run goes further
    _, found = _asked(BELOW.replace("+= 1", "+= 3"), True, states=10)
    assert (found.basis, found.value) == (Basis.PROVED, 2002)  # 1999 + 3, where it never is
    assert found.attained is None


def test_nothing_sets_a_bound() -> None:
    _, found = _asked("var x: int\nrule up() { x += 1 }\nreachable it: x == 0\n", True, 50)
    assert (found.basis, found.unbounded) == (Basis.NONE, True)
    assert found.value == 2**100 and "no bound" in found.reason
    assert found.seen[0].value == 49 and found.attained is None


def test_all_states_say_what_no_proof_does() -> None:
    """Squares are beyond the lemmas; sixty states are not beyond looking at them all."""
    text = """
    var x: 0..60
    var y: 0..6000
    rule up() when x < 60 { x += 1  y = x * x + x }
    reachable here: y % 7 == 3
    reachable it: y == 0
    """
    _, found = _asked(text, True)
    assert found.basis in (Basis.EXPLORED, Basis.PROVED)
    best = max((n * n + n for n in range(61) if (n * n + n) % 7 == 3), default=None)
    assert found.value == best and found.empty == (best is None)


def test_where_it_cannot_be_evaluated_there_is_no_value() -> None:
    text = """
    var x: 0..9
    rule up() when x < 9 { x += 1 }
    reachable it: 100 / x == 0
    """
    _, found = _asked(text, True)
    assert (found.basis, found.value) == (Basis.PROVED, 100)
    _, found = _asked(text, False)
    assert found.value == 11
    assert found.attained is not None and found.attained.result.properties[0].depth == 9


def test_the_question_is_taken_out() -> None:
    system = system_of(BELOW + "invariant here: x >= 0\n")
    kept, question = taken_out(system, "it", ["here"], False)
    assert kept.properties == system.properties  # names of the specification's own stay
    assert question.value((4,)) == 0 and question.value((-1,)) is None


@pytest.mark.parametrize("greatest", [True, False])
def test_no_condition_is_true(greatest: bool) -> None:
    _, question = taken_out(system_of(BELOW), "it", [], greatest)
    assert question.value((0,)) == 1
    assert question.better(3, 2) is greatest
