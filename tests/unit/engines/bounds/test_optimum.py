"""Optima that a plain solver confirms, whatever Optimize says."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest
import z3

from pinmc.engines.smt.bounds import optimum as module
from pinmc.engines.smt.bounds.optimum import Optimum, optimum
from pinmc.engines.smt.proving.asker import Asker, Unsure
from tests.checking import system_of

TWO = "var x: int\nvar y: int\nrule r() { x = 1 y = 1 }"


@pytest.fixture
def asker() -> Asker:
    system = system_of(TWO)
    made = Asker(system, system.properties)
    made.deadline = perf_counter() + 30
    return made


def _vars(asker: Asker) -> tuple[Any, Any]:
    context = asker.types.ctx
    return z3.Int("x", context), z3.Int("y", context)


def test_both_directions(asker: Asker) -> None:
    x, y = _vars(asker)
    facts = [x >= 3, x <= 100, y == 2 * x]
    assert optimum(asker, facts, x + y, False) == Optimum(9)
    assert optimum(asker, facts, x + y, True) == Optimum(300)


def test_none_at_all(asker: Asker) -> None:
    x, _ = _vars(asker)
    assert optimum(asker, [x > 3, x < 4], x, False) == Optimum(empty=True)


def test_without_bound(asker: Asker) -> None:
    x, y = _vars(asker)
    assert optimum(asker, [x >= y], x, True) == Optimum(unbounded=True)
    assert optimum(asker, [x >= y, y >= 7], x, False) == Optimum(7)


def test_products(asker: Asker) -> None:
    x, y = _vars(asker)
    facts = [x >= 1, y >= 0, y <= 100_000, x * y >= 2**31]
    assert optimum(asker, facts, x, False) == Optimum(21475)


@pytest.mark.parametrize("lie", [None, 8, 10, -5])
def test_a_wrong_proposal_is_not_believed(
    asker: Asker, monkeypatch: pytest.MonkeyPatch, lie: int | None
) -> None:
    x, _ = _vars(asker)
    monkeypatch.setattr(module._Search, "_proposed", lambda self: lie)
    assert optimum(asker, [x >= 9, x <= 10**9], x, False) == Optimum(9)
    assert optimum(asker, [x >= -(10**9), x <= -9], x, True) == Optimum(-9)


def test_no_time(asker: Asker) -> None:
    x, _ = _vars(asker)
    asker.deadline = 0.0
    with pytest.raises(Unsure, match="time"):
        optimum(asker, [x >= 9], x, False)
