"""What each statement does, and what a step is."""

from __future__ import annotations

from pinmc.ir.command import Param
from pinmc.ir.expr import FALSE, TRUE, Bound, Storage, Var
from pinmc.ir.semantics import (
    Disabled,
    Failed,
    Next,
    Outcome,
    enabled,
    evaluate,
    finished,
    initial_states,
    step,
    successors,
)
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt, Unused
from pinmc.ir.types import Bool, Range
from tests.unit.small import actor, at, binary, check, counter, number, place, read, rule, site
from tests.unit.small import system as make

X, Y = place([Var("x", Range(0, 3)), Var("y", Range(-1, 3))])


def outcome(*body: Stmt, temps: tuple[Var, ...] = (), state: tuple[int, int] = (0, 0)) -> Outcome:
    command = rule("r", TRUE, body, temps=temps)
    return step(make([X, Y], [command], marks=3), state, 0, ())


def test_statements_see_what_earlier_ones_wrote() -> None:
    up = Assign(X, (), binary(read(X), "+", 1))
    assert outcome(up, Assign(Y, (), read(X)), up) == Next((2, 1))


def test_a_step_is_all_or_nothing() -> None:
    write = Assign(X, (), number(1))
    assert outcome(write, Assume(FALSE), Mark(0)) == Disabled()
    assert outcome(write, Mark(1), Assert(FALSE, site("no"))) == Failed(site("no"), ((1, ()),))


def test_an_error_before_an_assumption_is_an_error() -> None:
    bad = Assign(X, (), check(number(7), 0, 3, X.type, "seven"))
    assert outcome(bad, Assume(FALSE)) == Failed(site("seven"))
    assert outcome(Assume(FALSE), bad) == Disabled()


def test_for_is_ascending() -> None:
    domain = Range(-1, 1)
    each = For("i", domain, (Assign(Y, (), Bound("i", domain)), Mark(2, (Bound("i", domain),))))
    assert outcome(each) == Next((0, 1), ((2, (-1,)), (2, (0,)), (2, (1,))))


def test_if_takes_one_branch() -> None:
    branch = If(binary(read(X), "==", 0), (Mark(0),), (Mark(1),))
    assert outcome(branch) == Next((0, 0), ((0, ()),))
    assert outcome(branch, state=(1, 0)) == Next((1, 0), ((1, ()),))


def test_temporaries_start_at_their_least_value_each_time() -> None:
    temp = Var("t", Range(-1, 3), storage=Storage.TEMP)
    body = (Assign(Y, (), read(temp)), Assign(temp, (), number(3)))
    assert outcome(*body, temps=(temp,), state=(0, 2)) == Next((0, -1))


def test_a_mark_never_fails() -> None:
    bad = check(number(7), 0, 3, X.type)
    assert outcome(Mark(0, (bad, read(X)))) == Next((0, 0), ((0, (None, 0)),))


def test_unused_parameters_keep_their_least_value() -> None:
    domain = Range(2, 4)
    body = (If(binary(read(X), "==", 0), (Unused("p", domain),)),)
    system = make([X, Y], [rule("r", TRUE, body, [Param("p", domain)])])
    assert list(enabled(system, (0, 0))) == [(0, (2,))]
    assert list(enabled(system, (1, 0))) == [(0, (2,)), (0, (3,)), (0, (4,))]


def test_a_failing_guard_is_an_error_step() -> None:
    guard = binary(check(read(X), 1, 3, X.type, "zero"), "==", 1)
    system = make([X, Y], [rule("r", guard)])
    assert list(successors(system, (0, 0))) == [((0, ()), Failed(site("zero")))]
    assert list(successors(system, (2, 0))) == []


def test_initial_states_are_distinct_and_in_order() -> None:
    p = Bound("p", Range(0, 3))
    halved = Assign(X, (), check(binary(binary(number(3), "-", p), "/", 2), 0, 3, X.type))
    small = Assert(binary(p, "<", 3), site("three"))
    initial = rule("initial", TRUE, (halved, small), [Param("p", Range(0, 3))])
    system = make([X, Y], [], initial=initial)
    assert initial_states(system) == ([(1, -1), (0, -1)], [Failed(site("three"))])


def test_commands_wait_for_their_actors_place() -> None:
    (pc,) = place([counter("a", 2, [Bool()])])
    family = actor("a", pc, [False, True], [("b", Bool())])
    go = Assign(pc, (Bound("b", Bool()),), number(1))
    system = make([pc], [at(family, 0, body=(go,))], actors=[family])
    moves = list(successors(system, (1, 0)))
    assert moves == [((0, (1,)), Next((1, 1)))]
    assert finished(system, (1, 0), 0)
    assert not finished(system, (1, 0), 1)


def test_evaluate_sees_bounds() -> None:
    system = make([X, Y], [])
    expr = binary(Bound("i", Range(0, 3)), "+", read(X))
    assert evaluate(system, expr, (2, 0), {"i": 3}) == 5
