"""Random specifications: accepted, printed and read back, and explored like the definition."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinmc.base.source import SourceFile
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp import InterpEngine
from pinmc.frontend.syntax.parse import parse
from pinmc.frontend.syntax.pretty import pretty
from tests.checking import system_of
from tests.property.oracle import Oracle
from tests.property.specs import SpecWriter
from tests.property.test_engine_agreement import compare

STATE_LIMIT = 150


@pytest.mark.slow
@given(seed=st.integers(0, 2**32 - 1))
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_random_specifications(seed: int) -> None:
    text = SpecWriter(random.Random(seed)).write()
    tree, found = parse(SourceFile("spec.pin", text))
    assert not found, (text, found)
    again, found = parse(SourceFile("spec.pin", pretty(tree)))
    assert not found and again == tree, text
    system = system_of(text)
    oracle = Oracle(system, STATE_LIMIT, None)
    oracle.run()
    exploration = InterpEngine().explore(system, ExploreOptions(Limits(states=STATE_LIMIT)))
    compare(oracle, exploration)
