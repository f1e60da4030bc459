"""Which exit code stands for several."""

from __future__ import annotations

import itertools

import pytest

from pinmc.cli.exits import Exit, combined

ORDER = [5, 2, 1, 3, 4, 0]


def test_nothing_went_wrong_when_nothing_was_done() -> None:
    assert combined([]) == Exit.OK


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(ORDER, 2)))
def test_the_first_in_the_documented_order_wins(first: int, second: int) -> None:
    assert combined([second, first]) == first
    assert combined([first, second, second]) == first
