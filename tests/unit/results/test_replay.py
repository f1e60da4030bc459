"""No trace is shown that does not show what it should."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pinmc.engines.base import ExploreOptions
from pinmc.engines.interp.engine import InterpEngine
from pinmc.ir.property import Verdict
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration, Finding
from pinmc.results.judge import judge_design
from pinmc.results.replay import ReplayError
from pinmc.results.schedule import Schedule
from tests.checking import system_of

TEXT = """
    var x: 0..2
    mutex m
    actor a { x = 1  lock(m)  lock(m) }
    rule back() when x == 1 { x = 2 }
    invariant small: x < 2
    step invariant up: x' >= x
    reachable two: x == 2
    invariant far: x / (2 - x) < 5
"""


def explored(text: str) -> tuple[System, Exploration]:
    system = system_of(text)
    return system, InterpEngine().explore(system, ExploreOptions())


def claimed(exploration: Exploration, name: str, **changes: object) -> Exploration:
    """The exploration with another finding for property ``name``."""
    findings = tuple(
        replace(f, **changes) if f.property == name else f  # type: ignore[arg-type]
        for f in exploration.findings
    )
    return replace(exploration, findings=findings)


def finding(exploration: Exploration, name: str) -> Finding:
    return next(f for f in exploration.findings if f.property == name)


def test_what_the_engine_finds_is_confirmed() -> None:
    found = judge_design(*explored(TEXT))
    assert found["small"].verdict is Verdict.VIOLATED and found["two"].verdict is Verdict.REACHED
    assert found["far"].verdict is Verdict.VIOLATED


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("small", Verdict.VIOLATED),
        ("two", Verdict.REACHED),
        ("up", Verdict.VIOLATED),
        ("deadlock", Verdict.VIOLATED),
        ("errors", Verdict.VIOLATED),
    ],
)
def test_a_run_that_shows_nothing_is_refused(name: str, verdict: Verdict) -> None:
    system, exploration = explored(TEXT)
    shown = finding(exploration, "small").schedule
    assert shown is not None
    start = Schedule(0, shown.moves[:1])
    wrong = claimed(exploration, name, verdict=verdict, schedule=start, agents=())
    with pytest.raises(ReplayError):
        judge_design(system, wrong)


def test_an_initial_state_that_is_not_there_is_refused() -> None:
    system, exploration = explored(TEXT)
    wrong = claimed(exploration, "small", schedule=Schedule(7, ()))
    with pytest.raises(ReplayError):
        judge_design(system, wrong)


def test_an_initialisation_that_fails_is_a_trace_without_steps() -> None:
    found = judge_design(*explored("var x: 0..1 = 0  init { x = x + 2 }"))["errors"]
    assert found.verdict is Verdict.VIOLATED and found.depth == 0
    assert found.trace is not None and found.trace.states == ()
    assert "0..1" in found.trace.error and found.trace.error_source is not None


def test_the_error_says_where_it_is() -> None:
    text = "var x: 0..1\naction up() {\n  x += 1 }\nactor a { up() up() }"
    trace = judge_design(*explored(text))["errors"].trace
    assert trace is not None and trace.error_source is not None
    assert (trace.error_source.line, trace.steps[-1].source.line) == (3, 4)
    assert trace.steps[-1].error == trace.error
