"""The engine gives the same answers as a naive search on the reference semantics."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp import InterpEngine, commands, expressions, program
from pinmc.ir.system import System
from pinmc.ir.verify import verify
from pinmc.results.exploration import Exploration, Finding
from tests.property.oracle import Answer, Oracle
from tests.property.systems import systems

STATE_LIMIT = 120

RELAXED = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@contextmanager
def generation(style: str) -> Iterator[None]:
    """Makes the engine generate code of one style only."""
    with pytest.MonkeyPatch.context() as patch:
        if style == "looped":
            patch.setattr(expressions, "UNROLL_WEIGHT", 0)
            patch.setattr(commands, "UNROLL_WEIGHT", 0)
            patch.setattr(commands, "UNROLLED_INSTANCES", 0)
        if style == "interpreted":
            patch.setattr(program, "function_source", _refuse)
        yield


def _refuse(*_: object) -> str:
    raise RecursionError


@pytest.mark.parametrize(
    "style",
    ["unrolled", *(pytest.param(s, marks=pytest.mark.slow) for s in ("looped", "interpreted"))],
)
@given(system=systems(), depth=st.sampled_from([None, None, None, 0, 2]))
@RELAXED
def test_agrees_with_the_definition(style: str, system: System, depth: int | None) -> None:
    assert verify(system) == []
    oracle = Oracle(system, STATE_LIMIT, depth)
    oracle.run()
    with generation(style):
        options = ExploreOptions(Limits(states=STATE_LIMIT, depth=depth))
        exploration = InterpEngine().explore(system, options)
    compare(oracle, exploration)


def compare(oracle: Oracle, exploration: Exploration) -> None:
    """Verdicts, schedules and counts are the oracle's; when cut, the counts may differ."""
    found = {finding.property: _answer(finding) for finding in exploration.findings}
    assert found == {p.name: oracle.answers[p.name] for p in oracle.system.properties}
    statistics = exploration.statistics
    assert statistics.complete == oracle.complete
    assert statistics.states == len(oracle.paths)
    assert bool(exploration.stopped) == (not oracle.complete)
    assert exploration.witnesses == oracle.witnesses
    if len(oracle.paths) < oracle.limit:
        assert statistics.transitions == oracle.transitions
        assert statistics.depth == oracle.depth
        assert exploration.marks == oracle.marks


def _answer(finding: Finding) -> Answer:
    schedule = finding.schedule
    if schedule is None:
        return finding.verdict, None, finding.agents
    moves = tuple((move.command, move.args) for move in schedule.moves)
    return finding.verdict, (schedule.initial, moves, schedule.ends_in_error), finding.agents


@given(system=systems())
@settings(RELAXED, max_examples=50)
def test_first_stops_with_a_shortest_counterexample(system: System) -> None:
    limits = Limits(states=STATE_LIMIT)
    whole = InterpEngine().explore(system, ExploreOptions(limits))
    first = InterpEngine().explore(system, ExploreOptions(limits, first=True))
    complete = {finding.property: finding for finding in whole.findings}
    for finding in first.findings:
        if finding.schedule is not None:
            assert finding == complete[finding.property]
