"""How bounds are said in one line."""

from __future__ import annotations

from collections.abc import Sequence

from pinmc.results.bounds import BoundReport, Extreme, Interval


def bound_text(report: BoundReport, found: Extreme) -> str:
    """``others >= 1,024``, or with a law ``others >= BIAS``."""
    sign = "<=" if found.greatest else ">="
    return f"{report.objective} {sign} {found.law or f'{found.value:,}'}"


def condition_text(conditions: Sequence[str]) -> str:
    """All of them in one, each in parentheses if there are several."""
    if len(conditions) == 1:
        return conditions[0]
    return " and ".join(f"({condition})" for condition in conditions)


def interval_text(found: Interval) -> str:
    """``5001 <= BIAS <= 21474``."""
    assert found.below is not None and found.above is not None
    low, high = found.below.last, found.above.last
    left = "" if low is None else f"{low} <= "
    right = "" if high is None else f" <= {high}"
    return f"{left}{found.name}{right}" if left or right else f"{found.name} is any number"


def power_text(value: int) -> str:
    """``2^100`` or ``-2^100`` for such a number, else its digits."""
    size = abs(value)
    if size < 1024 or size & (size - 1):
        return f"{value:,}"
    return f"{'-' if value < 0 else ''}2^{size.bit_length() - 1}"
