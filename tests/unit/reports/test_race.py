"""Race diagrams for commit messages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pinmc.ir.property import PropertyKind, Verdict
from pinmc.reports.base import RenderOptions
from pinmc.reports.catalog import render
from pinmc.results.result import Result
from tests.conftest import Golden
from tests.unit.reports import sample
from tests.unit.reports.real import BAD_START, ERRORS, LOCKS, PINS, result_of

HERE = Path(__file__).parent / "golden"


def race(result: Result, comment: bool = False) -> str:
    return render(result, "race", RenderOptions(comment=comment))


def of(*actors: str) -> str:
    """A diagram with one step of each of the actors."""
    steps = [replace(sample.PIN, number=n, actor=a) for n, a in enumerate(actors, 1)]
    found = sample.answer("stable", Verdict.VIOLATED, trace=sample.trace("stable", *steps))
    return race(sample.result(sample.design(found)))


def test_real_races(golden: Golden) -> None:
    golden(HERE / "race.txt", race(result_of(PINS)) + "\n")


def test_a_deadlock_is_laid_out_as_lockdep_does(golden: Golden) -> None:
    golden(HERE / "lockdep.txt", race(result_of(LOCKS)) + "\n")


def test_hand_made(golden: Golden) -> None:
    golden(HERE / "races.txt", race(sample.WHOLE) + "\n")


def test_two_columns() -> None:
    assert of("user[User0]", "writeback").splitlines() == [
        "  user[User0]                       writeback",
        "  -----------                       ---------",
        "  pin_user_pages(Page0, true)",
        "                                    pin_user_pages(Page0, true)",
        "",
        "  --> violates stable",
    ]


def test_three_columns_and_rows_that_go_on() -> None:
    assert of("a", "b", "c").splitlines()[:7] == [
        "  a                      b                      c",
        "  -                      -                      -",
        "  pin_user_pages(Page0,",
        "    true)",
        "                         pin_user_pages(Page0,",
        "                           true)",
        "                                                pin_user_pages(Page0,",
    ]


def test_a_long_call_is_broken_at_its_bracket() -> None:
    step = replace(sample.PIN, action="unpin_user_pages_dirty_lock")
    found = sample.answer(
        "stable",
        Verdict.VIOLATED,
        trace=sample.trace("stable", step, replace(step, number=2, actor="b")),
    )
    assert race(sample.result(sample.design(found))).splitlines()[2:4] == [
        "  unpin_user_pages_dirty_lock(",
        "    Page0, true)",
    ]


def test_more_actors_are_a_list_with_a_legend() -> None:
    assert of("a", "b", "c", "d").splitlines() == [
        "  A: a",
        "  B: b",
        "  C: c",
        "  D: d",
        "",
        "  1. A: pin_user_pages(Page0, true)",
        "  2. B: pin_user_pages(Page0, true)",
        "  3. C: pin_user_pages(Page0, true)",
        "  4. D: pin_user_pages(Page0, true)",
        "",
        "  --> violates stable",
    ]


def test_names_too_long_for_a_column_are_in_a_legend() -> None:
    long = "a_very_long_name_of_an_actor[User0, Page0]"
    assert of(long, "b").splitlines()[:5] == [
        f"  CPU0: {long}",
        "  CPU1: b",
        "",
        "  CPU0                              CPU1",
        "  ----                              ----",
    ]


def test_many_letters() -> None:
    lines = of(*(f"x{n}" for n in range(30))).splitlines()
    assert lines[25:27] == ["  Z: x25", "  A1: x26"]
    assert " 30. D1: pin_user_pages(Page0, true)" in "\n".join(lines)


def test_as_a_comment() -> None:
    plain = race(result_of(ERRORS)).splitlines()
    assert race(result_of(ERRORS), comment=True).splitlines() == [
        f" * {line}".rstrip() for line in plain
    ]


def test_fits_and_has_no_tab() -> None:
    shown = race(sample.WHOLE) + race(result_of(PINS)) + race(result_of(LOCKS))
    assert "\t" not in shown
    assert max(len(line) for line in shown.splitlines()) <= 72
    assert not any(line != line.rstrip() for line in shown.splitlines())


def test_initialisation() -> None:
    assert race(result_of(BAD_START)).splitlines() == [
        "  initialisation: [error: 'x + 2' is outside 0..1]",
        "  --> violates errors",
    ]


def test_nothing_to_draw() -> None:
    clean = sample.result(sample.design(sample.answer("x", Verdict.HOLDS)))
    assert race(clean) == "  specs/lease.pin: nothing is violated in any design"


def test_a_witness_is_reached() -> None:
    goal = sample.answer(
        "pinned",
        Verdict.REACHED,
        PropertyKind.REACHABLE,
        as_expected=False,
        trace=sample.trace("pinned", sample.PIN),
    )
    assert race(sample.result(sample.design(goal))).endswith("  --> reaches pinned")
