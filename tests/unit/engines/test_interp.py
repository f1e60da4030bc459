"""The interpreter engine: verdicts, limits, interruptions, and code that Python would refuse."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from pinmc.base.source import NOWHERE
from pinmc.engines.base import ExploreOptions, Limits, Progress
from pinmc.engines.interp import InterpEngine, search
from pinmc.engines.watch import Watch
from pinmc.ir.command import Param
from pinmc.ir.expr import (
    FALSE,
    TRUE,
    AgentOf,
    Binary,
    BinOp,
    Bound,
    Expr,
    Read,
    Storage,
    Unary,
    UnOp,
    Var,
)
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.stmt import Assert, Assign, Assume, For, If, Mark, Stmt
from pinmc.ir.system import System
from pinmc.ir.types import Bool, Int, Range, Word
from pinmc.ir.verify import verify
from pinmc.results.exploration import Exploration, Finding
from pinmc.results.schedule import Move, Schedule
from tests.benchmarks.pin_lease import pin_lease
from tests.unit.small import (
    BUILT_IN,
    KIND,
    actor,
    at,
    binary,
    check,
    counter,
    invariant,
    number,
    place,
    read,
    rule,
    site,
)
from tests.unit.small import system as make

(X,) = place([Var("x", Range(0, 9))])
UP = Assign(X, (), check(binary(read(X), "+", 1), 0, 9, X.type, "x is more than 9"))


def explore(system: System, limits: Limits | None = None, **options: object) -> Exploration:
    assert verify(system) == []
    chosen = ExploreOptions(limits or Limits(), **options)  # type: ignore[arg-type]
    return InterpEngine().explore(system, chosen)


def found(exploration: Exploration) -> dict[str, Finding]:
    return {finding.property: finding for finding in exploration.findings}


def verdicts(exploration: Exploration) -> dict[str, Verdict]:
    return {finding.property: finding.verdict for finding in exploration.findings}


def counting(*properties: Property, guard: Expr = TRUE) -> System:
    return make([X], [rule("up", guard, [UP])], [*properties, *BUILT_IN])


def test_shortest_counterexamples_of_everything_in_one_run() -> None:
    step = binary(Read(X, (), True), "!=", 3)
    system = counting(
        invariant("below5", binary(read(X), "<", 5)),
        Property("no_third", KIND.STEP_INVARIANT, NOWHERE, step),
        Property("seven", KIND.REACHABLE, NOWHERE, binary(read(X), "==", 7)),
        Property("never", KIND.REACHABLE, NOWHERE, binary(read(X), ">", 9)),
        Property("later", KIND.TEMPORAL, NOWHERE, formula=TRUE),
    )
    answers = found(explore(system))
    up = Move(0, ())
    assert answers["below5"].schedule == Schedule(0, (up,) * 5)
    assert answers["no_third"].schedule == Schedule(0, (up,) * 3)
    assert answers["seven"].verdict is Verdict.REACHED
    assert answers["seven"].schedule == Schedule(0, (up,) * 7)
    assert answers["never"] == Finding("never", Verdict.UNREACHABLE)
    assert answers["later"].verdict is Verdict.SKIPPED
    assert answers["errors"].reason == "x is more than 9"
    assert answers["errors"].schedule == Schedule(0, (up,) * 10, True)
    assert answers["deadlock"].verdict is Verdict.HOLDS


def test_statistics() -> None:
    statistics = explore(counting()).statistics
    assert (statistics.states, statistics.transitions, statistics.depth) == (10, 9, 9)
    assert statistics.complete
    assert statistics.peak_memory_bytes > 0


def test_an_error_in_a_property_is_told() -> None:
    odd = binary(check(read(X), 0, 4, X.type, "too much"), "<", 9)
    finding = found(explore(counting(invariant("odd", odd))))["odd"]
    assert finding.verdict is Verdict.VIOLATED
    assert "too much" in finding.reason
    assert finding.schedule == Schedule(0, (Move(0, ()),) * 5)


def test_asserts_are_properties_of_their_own() -> None:
    small = Assert(binary(read(X), "<", 4), site("grew", "small"))
    careful = Property("small", KIND.ASSERT, NOWHERE)
    answers = found(explore(make([X], [rule("up", TRUE, [small, UP])], [careful, *BUILT_IN])))
    assert answers["small"].schedule == Schedule(0, (Move(0, ()),) * 5, True)
    assert answers["errors"].verdict is Verdict.HOLDS


def test_only_the_properties_asked_for() -> None:
    exploration = explore(counting(), properties=frozenset({"deadlock"}))
    assert [finding.property for finding in exploration.findings] == ["deadlock"]


def test_first_stops_at_once() -> None:
    system = counting(invariant("low", binary(read(X), "<", 2)))
    exploration = explore(system, first=True)
    assert exploration.statistics.states == 3
    assert found(exploration)["low"].schedule == Schedule(0, (Move(0, ()),) * 2)
    assert found(exploration)["errors"].verdict is Verdict.UNKNOWN
    assert "first violation" in found(exploration)["errors"].reason


class TestLimits:
    def test_states(self) -> None:
        exploration = explore(counting(), Limits(states=4))
        assert exploration.statistics.states == 4
        assert not exploration.statistics.complete
        assert set(verdicts(exploration).values()) == {Verdict.UNKNOWN}
        assert found(exploration)["errors"].reason == "state limit of 4 reached"

    def test_as_many_states_as_there_are(self) -> None:
        assert explore(counting(), Limits(states=10)).statistics.complete

    def test_depth_explores_all_up_to_it(self) -> None:
        low = invariant("low", binary(read(X), "<", 3))
        lower = invariant("lower", binary(read(X), "<", 4))
        exploration = explore(counting(low, lower), Limits(depth=3))
        assert exploration.statistics.states == 4
        assert verdicts(exploration)["low"] is Verdict.VIOLATED
        assert verdicts(exploration)["lower"] is Verdict.UNKNOWN

    def test_timeout(self) -> None:
        exploration = explore(pin_lease(), Limits(timeout=0.05))
        assert exploration.statistics.seconds < 5
        assert exploration.stopped == "time limit of 0.05 s reached"

    def test_memory(self) -> None:
        exploration = explore(pin_lease(), Limits(memory=2**20, timeout=60))
        assert exploration.stopped == "memory limit of 1 MiB reached"

    def test_a_huge_choice_within_one_step(self) -> None:
        word = Word(40, False)
        (x,) = place([Var("x", word)])
        anything = rule("any", TRUE, [Assign(x, (), Bound("v", word))], [Param("v", word)])
        for limits in (Limits(timeout=0.1), Limits(states=5000)):
            exploration = explore(make([x], [anything]), limits)
            assert exploration.stopped
            assert exploration.statistics.seconds < 10

    def test_a_huge_choice_of_initial_states(self) -> None:
        word = Word(40, False)
        (x,) = place([Var("x", word)])
        body = [Assign(x, (), Bound("v", word))]
        initial = rule("initial", TRUE, body, [Param("v", word)])
        system = make([x], [], [invariant("i", binary(read(x), "<", 50))], initial=initial)
        exploration = explore(system, Limits(states=100))
        assert exploration.statistics.states == 100
        assert found(exploration)["i"].schedule == Schedule(50, ())
        never = replace(initial, body=(Assume(binary(Bound("v", word), "<", 0)),))
        exploration = explore(replace(system, initial=never), Limits(timeout=0.1))
        assert exploration.stopped == "time limit of 0.1 s reached"


class TestInterruption:
    def test_keeps_what_was_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        low = invariant("low", binary(read(X), "<", 2))
        monkeypatch.setattr(search, "Watch", _interrupting(after=5))
        exploration = explore(counting(low))
        assert exploration.interrupted
        assert exploration.stopped == "interrupted"
        assert verdicts(exploration)["low"] is Verdict.VIOLATED
        assert found(exploration)["low"].schedule == Schedule(0, (Move(0, ()),) * 2)
        assert found(exploration)["errors"] == Finding("errors", Verdict.UNKNOWN, "interrupted")

    def test_by_the_progress_report(self) -> None:
        def interrupt(_: Progress) -> None:
            raise KeyboardInterrupt

        exploration = explore(pin_lease(), Limits(timeout=60), progress=interrupt)
        assert exploration.interrupted
        assert exploration.statistics.states > 0

    def test_while_looking_for_stuck_agents(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(search, "stuck_agents", interrupt)
        exploration = explore(counting())
        assert exploration.statistics.complete
        assert verdicts(exploration)["deadlock"] is Verdict.HOLDS
        assert verdicts(exploration)["stuck"] is Verdict.UNKNOWN


def _interrupting(after: int) -> type[Watch]:
    """A watch that is interrupted at its so-and-so-manieth look."""

    class Interrupting(Watch):
        looks = 0

        def look(self) -> bool:
            type(self).looks += 1
            if self.looks > after:
                raise KeyboardInterrupt
            return False

    return Interrupting


def test_progress_is_reported() -> None:
    seen: list[Progress] = []
    explore(pin_lease(), Limits(timeout=0.7), progress=seen.append)
    assert 1 <= len(seen) <= 5
    assert all(a.states < b.states for a, b in pairwise(seen))


class TestStuck:
    """Two actors over a flag: one waits for what never comes, the other goes on for ever."""

    FLAG, WAITS, SPINS = place([Var("f", Bool()), counter("waits", 2), counter("spins", 1)])

    def system(self, end: bool) -> System:
        waits = actor("waits", self.WAITS, [False, end])
        spins = actor("spins", self.SPINS, [False])
        go = Assign(self.WAITS, (), number(1))
        turn = Assign(self.FLAG, (), Unary(UnOp.NOT, read(self.FLAG)))
        commands = [at(waits, 0, body=[go]), at(waits, 1, FALSE), at(spins, 0, body=[turn])]
        properties = [
            *BUILT_IN,
            Property("stuck(waits)", KIND.STUCK, NOWHERE, actor="waits"),
            Property("stuck(spins)", KIND.STUCK, NOWHERE, actor="spins"),
        ]
        return make([self.FLAG, self.WAITS, self.SPINS], commands, properties, [waits, spins])

    def test_names_who(self) -> None:
        answers = found(explore(self.system(end=False)))
        expected = Finding("stuck", Verdict.VIOLATED, "", Schedule(0, (Move(0, ()),)), (0,))
        assert answers["stuck"] == expected
        assert answers["stuck(waits)"].agents == (0,)
        assert answers["stuck(spins)"].verdict is Verdict.HOLDS
        assert answers["deadlock"].verdict is Verdict.HOLDS

    def test_may_stay_at_an_end(self) -> None:
        assert set(verdicts(explore(self.system(end=True))).values()) == {Verdict.HOLDS}

    def test_unknown_when_cut(self) -> None:
        exploration = explore(self.system(end=False), Limits(states=3))
        assert verdicts(exploration)["stuck"] is Verdict.UNKNOWN


def test_deadlock_tells_who_is_blocked() -> None:
    (pc,) = place([counter("a", 2, [Bool()])])
    one = actor("a", pc, [False, True], [("b", Bool())])
    first = AgentOf("a", 0, (Bound("b", Bool()),), (Bool(),), 2)
    go = Assign(pc, (Bound("b", Bool()),), number(1))
    command = at(one, 0, binary(first, "==", 1), [go])
    finding = found(explore(make([pc], [command], BUILT_IN, [one])))["deadlock"]
    assert finding == Finding("deadlock", Verdict.VIOLATED, "", finding.schedule, (0,))
    assert finding.schedule == Schedule(0, (Move(0, (1,)),))


def test_only_error_moves_is_no_deadlock() -> None:
    (pc,) = place([counter("a", 1)])
    one = actor("a", pc, [False])
    answers = verdicts(
        explore(make([pc], [at(one, 0, body=[Assert(FALSE, site())])], BUILT_IN, [one]))
    )
    assert answers["errors"] is Verdict.VIOLATED
    assert answers["deadlock"] is answers["stuck"] is Verdict.HOLDS


def test_errors_of_initialisation() -> None:
    bad = Assert(binary(Bound("v", X.type), "!=", 2), site("no two"))
    initial = rule("initial", TRUE, [bad], [Param("v", X.type)])
    finding = found(explore(make([X], [], initial=initial)))["errors"]
    assert finding == Finding("errors", Verdict.VIOLATED, "no two", Schedule(0, (), True))


def test_no_initial_state_at_all() -> None:
    initial = rule("initial", FALSE)
    exploration = explore(make([X], [], [invariant("i", FALSE)], initial=initial))
    assert verdicts(exploration) == {"i": Verdict.HOLDS}
    assert exploration.statistics.states == 0


def test_marks_of_disabled_steps_do_not_count() -> None:
    low = If(binary(read(X), "<", 3), (Mark(1),), (Mark(2), Assume(FALSE)))
    system = make([X], [rule("up", TRUE, [Mark(0), low, UP, Mark(3)])], marks=5)
    assert explore(system).marks == {0, 1, 3}


def test_witnesses() -> None:
    texts = [binary(read(X), "==", n) for n in (0, 9, 10)]
    assert explore(make([X], [rule("up", TRUE, [UP])], witnesses=texts)).witnesses == {0, 1}


def test_numbers_beyond_a_byte() -> None:
    (x,) = place([Var("x", Int())])
    initial = rule("initial", TRUE, [Assign(x, (), number(-(2**62)))])
    double = Assign(x, (), check(binary(read(x), "*", 2), -(2**63), 2**63 - 1, Int(), "over"))
    answers = found(explore(make([x], [rule("double", TRUE, [double])], initial=initial)))
    assert answers["errors"].schedule == Schedule(0, (Move(0, ()),) * 2, True)


def test_indices_are_evaluated_left_to_right() -> None:
    (grid,) = place([Var("g", Bool(), (Range(0, 1), Range(0, 1)))])
    index = tuple(check(number(5), 0, 1, Range(0, 1), text) for text in ("left", "right"))
    value = Binary(BinOp.EQ, check(number(5), 0, 1, Range(0, 1), "value"), number(1))
    for body in ([Assign(grid, index, value)], [Assume(Read(grid, index))]):
        finding = found(explore(make([grid], [rule("r", TRUE, body)])))["errors"]
        assert finding.reason == "left"


def test_a_conjunction_of_a_thousand_parts() -> None:
    expr: Expr = TRUE
    for _ in range(150):
        expr = binary(expr, "and", binary(read(X), "<", 9))
    assert verdicts(explore(counting(invariant("long", expr))))["long"] is Verdict.VIOLATED


def test_nesting_that_python_refuses() -> None:
    """The definition of the semantics takes over, in commands and in properties."""
    expr = binary(read(X), "<", 9)
    for _ in range(120):
        expr = binary(number(1), "==", Binary(BinOp.EQ, expr, TRUE))
    body: tuple[Stmt, ...] = (UP,)
    for n in range(25):
        body = (For(f"i{n}", Range(0, 0), (If(binary(read(X), "<", 9), body),)),)
    for _ in range(110):
        body = (If(binary(read(X), "<", 8), (Mark(0), *body)),)
    deep = make([X], [rule("deep", TRUE, body)], [invariant("i", expr)], marks=1)
    exploration = explore(deep)
    assert exploration.statistics.states == 9
    assert verdicts(exploration) == {"i": Verdict.HOLDS}
    assert exploration.marks == {0}


def test_names_from_a_specification_never_reach_the_code() -> None:
    evil = 'x") or __import__("os").abort() #'
    (x,) = place([Var(evil, Range(0, 3))])
    param = Param(evil, Bool())
    assign = Assign(x, (), check(binary(read(x), "+", Bound(evil, Bool())), 0, 3, x.type, evil))
    temp = Var("class", Bool(), (), Storage.TEMP)
    command = rule(evil, TRUE, [assign, Assign(temp, (), TRUE)], [param], [temp])
    prop = invariant("def", binary(read(x), "<", 3))
    assert verdicts(explore(make([x], [command], [prop])))["def"] is Verdict.VIOLATED


def test_the_same_answer_every_time() -> None:
    runs = [explore(pin_lease(1, 2), Limits(states=3000)) for _ in range(2)]
    assert runs[0].findings == runs[1].findings


def test_a_protocol() -> None:
    exploration = explore(pin_lease(2, 1))
    answers = found(exploration)
    assert exploration.statistics.states == 6912
    assert exploration.statistics.transitions == 29736
    violated = {name for name, f in answers.items() if f.verdict is Verdict.VIOLATED}
    assert violated == {"checksum_stability"}
    schedule = answers["checksum_stability"].schedule
    assert schedule is not None
    assert len(schedule.moves) == 13


def test_kinds_are_all_answered() -> None:
    formula = Property("t", PropertyKind.TEMPORAL, NOWHERE, formula=TRUE)
    every = [formula, *BUILT_IN]
    assert len(explore(make([X], [], every)).findings) == len(every)
