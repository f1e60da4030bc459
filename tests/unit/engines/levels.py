"""Sizes of the levels of a breadth-first search, for those that tell its end from them."""

from __future__ import annotations

import math

from pinmc.engines.base import ExploreOptions
from pinmc.engines.interp import InterpEngine
from pinmc.ir.system import System


def bell(top: float, width: float, levels: int = 60) -> list[int]:
    """The sizes of levels, the largest of ``top`` states in the middle."""
    return [
        math.ceil(top * math.exp(-(((d - levels / 2) / width) ** 2) / 2)) for d in range(levels)
    ]


def known(levels: list[int], share: float) -> list[int]:
    """The levels until ``share`` of the states are known."""
    return next(
        levels[:d] for d in range(len(levels) + 1) if sum(levels[:d]) >= share * sum(levels)
    )


def levels_of(system: System) -> list[int]:
    """What the interpreter finds."""
    sizes: list[int] = []

    def note(levels: object) -> bool:
        assert isinstance(levels, list)
        sizes[:] = levels
        return False

    found = InterpEngine(note).explore(system, ExploreOptions())
    assert sum(sizes) == found.statistics.states
    return sizes
