"""How many states are to be expected."""

from __future__ import annotations

import pytest

from pinmc.engines.outlook import expected_states
from tests.benchmarks.pin_lease import pin_lease
from tests.unit.engines.levels import bell, known, levels_of


@pytest.mark.parametrize("top", [1e4, 1e5, 1e7])
@pytest.mark.parametrize("width", [6, 9])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
def test_a_bell_is_told_from_its_beginning(top: float, width: float, share: float) -> None:
    levels = bell(top, width)
    assert 0.6 < expected_states(known(levels, share)) / sum(levels) < 1.6


def test_beyond_the_middle_there_is_nothing_to_expect() -> None:
    assert expected_states(known(bell(1e5, 7), 0.7)) == 0


@pytest.mark.parametrize("levels", [[], [1], [1, 2, 4, 8, 16], [5] * 40, [9, 1] * 20])
def test_few_levels_or_levels_that_do_not_grow(levels: list[int]) -> None:
    assert expected_states(levels) == 0


def test_growth_that_does_not_fall_is_large_but_finite() -> None:
    assert 1e9 < expected_states([2**d for d in range(30)]) < 1e20


def test_a_pin_and_lease_protocol() -> None:
    """What is really explored: right within a few times when a fifth is known."""
    sizes = levels_of(pin_lease(2, 1))
    assert 0.2 < expected_states(known(sizes, 0.2)) / sum(sizes) < 5
