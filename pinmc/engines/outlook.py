"""How many states a breadth-first search will find, told from how its levels grow.

The sizes of levels go up and down like a bell: each is larger than the one before by a factor that
falls from level to level. How fast it falls tells how high the top will be and how wide the whole,
as for a Gaussian curve; before half the states are known that is right within a few times, which is
all that the choice of an engine needs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_BACK = 6
"""Levels looked at: two for the growth now, two for the growth before, the ones between, and the
one from which they grow."""

_LEAST_FALL = 0.01
"""The logarithm of the growth falls by so much a level at least, lest nothing ever ends."""

_MOST_GROWTH = 20.0
"""A logarithm: more than that from here to the largest level is not believed."""


def expected_states(levels: Sequence[int]) -> int:
    """The states of the whole search, where ``levels`` are the sizes of its levels so far; 0 if
    they are too few, or grow no more: then most of it is known."""
    if len(levels) < _BACK or not all(levels[-_BACK:]):
        return 0
    now = math.log(levels[-1] / levels[-3]) / 2
    before = math.log(levels[-4] / levels[-6]) / 2
    if now <= 0:
        return 0
    fall = max((before - now) / 3, _LEAST_FALL)
    highest = levels[-1] * math.exp(min(now * now / (2 * fall), _MOST_GROWTH))
    return int(highest * math.sqrt(2 * math.pi / fall))
