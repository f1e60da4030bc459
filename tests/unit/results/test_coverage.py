"""Vacuity is judged over all designs together."""

from __future__ import annotations

from dataclasses import replace

from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp.engine import InterpEngine
from pinmc.ir.property import Verdict
from pinmc.results.judge import combine, judge_design
from pinmc.results.result import DesignResult
from tests.checking import system_of
from tests.unit.results.answers import design

TEXT = """
    choice HOW { never, sometimes } = never
    var x: 0..2
    rule up() when x == 0 { x = 1 }
    rule more() when x == (if HOW == sometimes then 1 else 2) { x = 2 }
    invariant big: x == 2 implies HOW == sometimes
"""


def never(text: str = TEXT) -> DesignResult:
    return design(text, {"HOW": "never"})


def sometimes(text: str = TEXT) -> DesignResult:
    return design(text, {"HOW": "sometimes"})


def test_what_happens_in_one_design_is_not_vacuous() -> None:
    alone = combine("spec.pin", [never()])
    assert [(v.kind, v.property) for v in alone.vacuity] == [("action", None), ("witness", "big")]
    assert alone.exit_code == 4 and alone["big"].verdict is Verdict.VACUOUS
    both = combine("spec.pin", [never(), sometimes()])
    assert both.vacuity == () and both.exit_code == 0
    assert both["big"].verdict is Verdict.HOLDS
    assert [d.label for d in both.designs] == ["", "HOW = sometimes"]


def test_vacuity_is_not_judged_for_a_part() -> None:
    assert combine("spec.pin", [never()], judge_vacuity=False).exit_code == 0
    system = system_of(TEXT, {"HOW": "never"})
    limited = InterpEngine().explore(system, ExploreOptions(Limits(states=1)))
    assert combine("spec.pin", [judge_design(system, limited)]).vacuity == ()


def test_a_property_that_is_meant_to_be_vacuous_is_as_expected() -> None:
    text = TEXT.replace("rule more() when", "rule more() when not (x == 2) and")
    meant = never(text + "expect big vacuous when HOW == never")
    found = combine("spec.pin", [meant])
    assert found["big"].verdict is Verdict.VACUOUS and found["big"].as_expected is True
    assert [v.kind for v in found.vacuity] == ["action"]
    wrong = combine("spec.pin", [sometimes(text + "expect big vacuous when HOW == sometimes")])
    assert wrong["big"].as_expected is False and wrong.exit_code == 1


def test_exit_codes_by_precedence() -> None:
    violated = sometimes(TEXT + "invariant small: x < 2")
    assert combine("spec.pin", [never(), violated]).exit_code == 1
    unknown = replace(never(), properties=(replace(never()["big"], verdict=Verdict.UNKNOWN),))
    open_ = replace(unknown, properties=(replace(unknown["big"], as_expected=None),))
    assert combine("spec.pin", [open_]).exit_code == 3
    assert combine("spec.pin", [open_, violated]).exit_code == 1
    assert combine("spec.pin", [replace(never(), interrupted=True)]).exit_code == 3
