"""Verdicts, expectations, explanations and exit codes of small specifications."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp import InterpEngine
from pinmc.ir.property import Verdict
from pinmc.results.judge import combine, judge_design
from pinmc.results.replay import ReplayError, replay
from pinmc.results.result import DesignResult, Result
from pinmc.results.schedule import Move
from tests.checking import system_of

RACE = """
scalarset User[2]
var taken: bool
ghost var inside: 0..2
action enter() as "enter_section()" { taken = true  inside += 1 }
actor user[u: User] { if not taken { enter() } }
invariant one_at_most: inside <= 1
"""


def judged(text: str, limits: Limits | None = None) -> DesignResult:
    system = system_of(text)
    options = ExploreOptions(limits or Limits())
    return judge_design(system, InterpEngine().explore(system, options))


def result(text: str, limits: Limits | None = None) -> Result:
    return combine("spec.pin", [judged(text, limits)])


def test_a_trace_speaks_the_language_of_the_specification() -> None:
    found = judged(RACE)["one_at_most"]
    assert found.verdict is Verdict.VIOLATED and found.depth == 4
    assert found.trace is not None
    assert [step.action for step in found.trace.steps] == [
        "if not taken",
        "if not taken",
        "enter_section",
        "enter_section",
    ]
    last = found.trace.steps[-1]
    assert last.actor.startswith("user[User")
    assert [(c.name, c.before, c.after, c.ghost) for c in last.changes] == [
        ("inside", "1", "2", True)
    ]
    assert last.state["inside"] == 2 and last.state["taken"] is True
    assert last.source.line == 6


def test_the_failing_clause_and_its_writers_are_named() -> None:
    explanation = judged(RACE)["one_at_most"].explanation
    assert explanation is not None and explanation.clause is not None
    assert explanation.clause.text == "inside <= 1"
    assert explanation.clause.terms == (("inside", "2"),)
    (write,) = explanation.last_writes
    assert (write.variable, write.value, write.step) == ("inside", "2", 4)
    assert write.action == "enter_section()"


@pytest.mark.parametrize(
    ("expects", "code"),
    [
        ("", 1),
        ("expect one_at_most violated", 0),
        ("expect one_at_most violated in 4 by enter", 0),
        ("expect one_at_most violated in 5", 1),
        ("expect one_at_most violated in 4 by user", 0),
        ("expect one_at_most holds", 1),
        ("expect one_at_most proved", 1),
    ],
)
def test_expectations_decide_the_exit_code(expects: str, code: int) -> None:
    assert result(RACE + expects).exit_code == code


def test_a_limit_leaves_what_is_open_unknown() -> None:
    text = "var x: 0..9  rule up() when x < 9 { x += 1 }  invariant small: x < 10"
    assert result(text).exit_code == 0
    cut = result(text, Limits(states=3))
    assert cut["small"].verdict is Verdict.UNKNOWN
    assert cut.exit_code == 3


def test_what_never_happens_is_vacuous() -> None:
    text = """
        var x: 0..2
        rule up() when x == 0 { x = 1 }
        rule never() when x == 2 { x = 0 }
        invariant empty: x == 2 implies false
    """
    found = result(text)
    assert found.exit_code == 4
    assert found["empty"].verdict is Verdict.VACUOUS
    assert [v.kind for v in found.vacuity] == ["action", "witness"]
    assert result(text + "expect empty vacuous").exit_code == 4


def test_an_unreachable_goal_is_a_failure_unless_expected() -> None:
    text = "var x: bool  rule flip() { x = not x }  reachable goal: x and not x "
    assert result(text).exit_code == 1
    assert result(text + "expect goal unreachable").exit_code == 0


def test_a_deadlock_is_shown_as_a_cycle() -> None:
    text = """
        mutex a
        mutex b
        actor one { lock(a) lock(b) unlock(b) unlock(a) }
        actor two { lock(b) lock(a) unlock(a) unlock(b) }
    """
    explanation = judged(text)["deadlock"].explanation
    assert explanation is not None
    assert explanation.cycle == ("one", "two", "one")
    assert {b.actor: (b.waits_for, b.holders) for b in explanation.blocked} == {
        "one": ("b", ("two",)),
        "two": ("a", ("one",)),
    }


def test_a_self_deadlock_is_a_cycle_of_one() -> None:
    explanation = judged("mutex m  actor a { lock(m) lock(m) }")["deadlock"].explanation
    assert explanation is not None and explanation.cycle == ("a", "a")


def test_an_await_names_what_it_needs_and_who_could_write_it() -> None:
    text = """
        var ready: bool
        var go: bool
        actor waiter { await ready }
        actor helper { await go  ready = true }
    """
    explanation = judged(text)["deadlock"].explanation
    assert explanation is not None
    waiter = next(b for b in explanation.blocked if b.actor == "waiter")
    assert waiter.needs == ("ready",) and waiter.writers == ("helper",)


def test_a_found_error_ends_the_trace() -> None:
    found = judged("var x: 0..1  rule up() { x += 1 }")["errors"]
    assert found.trace is not None and len(found.trace) == 2
    assert "outside 0..1" in found.trace.error
    assert found.trace.steps[-1].changes == ()


def test_a_schedule_that_does_not_replay_is_refused() -> None:
    system = system_of(RACE)
    exploration = InterpEngine().explore(system, ExploreOptions())
    finding = next(f for f in exploration.findings if f.property == "one_at_most")
    assert finding.schedule is not None
    for moves in (
        (Move(99, ()),),
        (*finding.schedule.moves, Move(finding.schedule.moves[0].command, (0,))),
        finding.schedule.moves[::-1],
    ):
        with pytest.raises(ReplayError):
            replay(system, replace(finding.schedule, moves=moves), "one_at_most")
    with pytest.raises(ReplayError):
        replay(system, replace(finding.schedule, ends_in_error=True), "one_at_most")


def test_records_sets_queues_and_locks_are_shown_as_written() -> None:
    text = """
        enum Kind { ask, tell }
        record Msg { kind: Kind  from: 0..3 }
        var seen: set 0..2
        var box: queue[2] Msg
        var last: Msg?
        mutex m
        action put() {
          seen |= {2}
          push(box, Msg(kind = tell, from = 3))
          last = Msg(kind = ask, from = 1)
        }
        actor a { lock(m) put() unlock(m) }
        reachable done: a at end
    """
    trace = judged(text)["done"].trace
    assert trace is not None
    changes = {c.name: c.after for step in trace.steps[:2] for c in step.changes}
    assert changes == {
        "m": "held by a",
        "seen": "{2}",
        "box": "[Msg(kind = tell, from = 3)]",
        "last": "Msg(kind = ask, from = 1)",
    }


def test_a_condition_shows_its_outcome() -> None:
    text = """
        var x: bool
        actor a { if x { x = false }  x = true }
        reachable done: a at end
    """
    trace = judged(text)["done"].trace
    assert trace is not None
    assert [step.action for step in trace.steps] == ["if x: no", "x = true"]
