"""What was found against what was expected."""

from __future__ import annotations

import pytest

from pinmc.base.source import NOWHERE
from pinmc.ir.property import Expectation, PropertyKind, Verdict
from pinmc.results.expectations import Judgement, judge
from tests.unit.results.answers import trace

KIND = PropertyKind.INVARIANT
RACE = """
    scalarset User[2]
    var taken: bool
    ghost var inside: 0..2
    action enter() as "enter_section()" { taken = true  inside += 1 }
    actor user[u: User] { if not taken { enter() } }
    invariant one_at_most: inside <= 1
"""


def expected(verdict: Verdict, steps: int | None = None, by: str | None = None) -> Expectation:
    return Expectation("p", verdict, steps, by, NOWHERE, True)


def one(found: Verdict, *wanted: Expectation, kind: PropertyKind = KIND) -> Judgement:
    return judge(kind, found, None, wanted)


@pytest.mark.parametrize(
    ("found", "as_expected"),
    [
        (Verdict.HOLDS, True),
        (Verdict.REACHED, True),
        (Verdict.VIOLATED, False),
        (Verdict.UNREACHABLE, False),
        (Verdict.UNKNOWN, None),
        (Verdict.SKIPPED, None),
    ],
)
def test_without_an_expectation_it_must_hold(found: Verdict, as_expected: bool | None) -> None:
    assert one(found) == Judgement(None, as_expected)


def test_proved_is_skipped_until_it_can_be_checked_but_not_refuted() -> None:
    proved = expected(Verdict.PROVED)
    assert one(Verdict.HOLDS, proved) == Judgement("proved", None, skipped=1)
    assert one(Verdict.PROVED, proved).as_expected is True
    refuted = one(Verdict.VIOLATED, proved)
    assert refuted.as_expected is False and refuted.skipped == 0
    assert refuted.mismatch == "expected proved, but it is violated"


def test_what_is_unknown_is_neither_met_nor_missed() -> None:
    assert one(Verdict.UNKNOWN, expected(Verdict.HOLDS)).as_expected is None
    assert one(Verdict.UNKNOWN, expected(Verdict.VIOLATED)).as_expected is None
    assert one(Verdict.UNKNOWN, expected(Verdict.UNKNOWN)).as_expected is True
    assert one(Verdict.HOLDS, expected(Verdict.UNKNOWN)).as_expected is False


def test_an_expectation_on_what_is_not_checked_yet_is_counted() -> None:
    answer = one(Verdict.SKIPPED, expected(Verdict.HOLDS), kind=PropertyKind.TEMPORAL)
    assert (answer.as_expected, answer.skipped) == (None, 1)


def test_that_a_reachable_holds_means_that_it_is_reached() -> None:
    kind = PropertyKind.REACHABLE
    assert one(Verdict.REACHED, expected(Verdict.HOLDS), kind=kind).as_expected is True
    assert one(Verdict.UNREACHABLE, expected(Verdict.VIOLATED), kind=kind).as_expected is True


def test_all_expectations_must_be_met() -> None:
    both = one(Verdict.HOLDS, expected(Verdict.HOLDS), expected(Verdict.VIOLATED))
    assert both.expected == "holds; violated" and both.as_expected is False
    assert both.mismatch == "expected violated, but it holds"


@pytest.mark.parametrize(
    ("wanted", "mismatch"),
    [
        (expected(Verdict.VIOLATED, 4, "enter"), ""),
        (expected(Verdict.VIOLATED, 4, "enter_section"), ""),
        (expected(Verdict.VIOLATED, None, "user"), ""),
        (expected(Verdict.VIOLATED, 5), "expected a trace of 5 steps, but the shortest has 4"),
        (
            expected(Verdict.VIOLATED, 4, "leave"),
            "expected the last step to be leave, but it is enter_section()",
        ),
        (expected(Verdict.HOLDS), "expected holds, but it is violated in 4"),
    ],
)
def test_length_and_last_step(wanted: Expectation, mismatch: str) -> None:
    answer = judge(KIND, Verdict.VIOLATED, trace(RACE, "one_at_most"), [wanted])
    assert answer.mismatch == mismatch
    assert answer.as_expected is (mismatch == "")
