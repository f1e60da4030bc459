"""Whatever an engine finds in random systems replays, shows what it claims, and can be told."""

from __future__ import annotations

import json
import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp import InterpEngine
from pinmc.ir.property import PropertyKind, Verdict
from pinmc.ir.system import System
from pinmc.results.changes import diff, shown_state
from pinmc.results.judge import combine, judge_design
from pinmc.results.names import shown_by_slot
from pinmc.results.result import DesignResult, PropertyResult
from pinmc.results.trace import Trace
from tests.checking import system_of
from tests.property.specs import SpecWriter
from tests.property.systems import systems

RELAXED = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CLAIMS = (PropertyKind.INVARIANT, PropertyKind.STEP_INVARIANT, PropertyKind.LEMMA)
WAITS = (PropertyKind.DEADLOCK, PropertyKind.STUCK)


def judged(system: System) -> DesignResult:
    exploration = InterpEngine().explore(system, ExploreOptions(Limits(states=150)))
    return judge_design(system, exploration)


@given(system=systems())
@RELAXED
def test_random_systems_are_judged(system: System) -> None:
    """``judge_design`` raises when a trace does not show what the engine says it does."""
    design = judged(system)
    assert [p.name for p in design.properties] == [p.name for p in system.properties]
    assert combine("spec.pin", [design]).exit_code in (0, 1, 3, 4)


@pytest.mark.slow
@given(seed=st.integers(0, 2**32 - 1))
@RELAXED
def test_random_specifications_are_explained(seed: int) -> None:
    text = SpecWriter(random.Random(seed)).write()
    system = system_of(text)
    for found in judged(system).properties:
        if found.trace is not None:
            _tells(system, found.trace)
        if found.verdict is Verdict.VIOLATED and found.trace is not None:
            _explains(found, found.trace)


def _tells(system: System, trace: Trace) -> None:
    """Every difference between two states is in the changes or in the places."""
    by_slot = shown_by_slot(system)
    for before, after in pairwise(trace.states):
        named = {change.name for change in diff(system, before, after)}
        named |= {f"place of {agent}" for agent in _moved(system, before, after)}
        for position, (old, new) in enumerate(zip(before, after, strict=True)):
            what = by_slot[position]
            if old != new and what.what is not None:
                assert any(name.startswith(what.name) for name in named), what.name
    for step in trace.steps:
        json.dumps(dict(step.state))


def _moved(system: System, before: tuple[int, ...], after: tuple[int, ...]) -> list[str]:
    names = [s.name for s in shown_by_slot(system).values() if s.name.startswith("place of ")]
    agents = [name.removeprefix("place of ") for name in names]
    old, new = shown_state(system, before), shown_state(system, after)
    return [agent for agent in agents if old[agent] != new[agent]]


def _explains(found: PropertyResult, trace: Trace) -> None:
    explanation = found.explanation
    if found.kind in CLAIMS and trace.states:
        assert explanation is not None and explanation.clause is not None
        assert all(0 <= write.step <= len(trace) for write in explanation.last_writes)
    if found.kind in WAITS:
        assert explanation is not None and explanation.blocked
        actors = {blocked.actor for blocked in explanation.blocked}
        assert set(explanation.cycle) <= actors
