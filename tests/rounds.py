"""Rounds of a random test: the first ones belong to the fast subset, all of them to the whole."""

from __future__ import annotations

import pytest


def rounds(count: int, fast: int, step: int = 1) -> list[object]:
    """``0, step, 2 * step`` and so on below ``count``, those from ``fast`` on marked ``slow``."""
    return [
        pytest.param(number, marks=[pytest.mark.slow] if number >= fast else [])
        for number in range(0, count, step)
    ]
