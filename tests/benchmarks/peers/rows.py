"""What one tool did with one size: a row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

FLOOR = 48 << 20
"""Below so many bytes, the tool itself takes more memory than the states."""


@dataclass(frozen=True, slots=True)
class Row:
    """``search``: seconds of the search alone, everything compiled. ``total``: seconds from
    nothing, with generation and compilation, to the verdict. ``peak``: bytes of memory of the
    largest program.

    ``why``: why there is nothing, or less than there should be; ``wrong``: the tool's answer
    differs from what is known. ``exact``: its number of states has to be the known one."""

    tool: str
    states: int | None = None
    transitions: int | None = None
    search: float | None = None
    total: float | None = None
    peak: int | None = None
    why: str = ""
    wrong: bool = False
    exact: bool = True

    @property
    def rate(self) -> float | None:
        """States a second of the search."""
        return self.states / self.search if self.states and self.search else None

    @property
    def bytes_a_state(self) -> float | None:
        """None where it would say more of the tool than of its states."""
        if not self.states or self.peak is None or self.peak < FLOOR:
            return None
        return self.peak / self.states


def skipped(tool: str, why: str, exact: bool = True) -> Row:
    return Row(tool, why=why, exact=exact)


def middle(rows: Sequence[Row]) -> Row:
    """The medians of one tool's rows. The first that lacks something, or is wrong, stands for all
    of them."""
    for row in rows:
        if row.why:
            return row
    first = rows[0]
    return Row(
        first.tool,
        first.states,
        first.transitions,
        _median([row.search for row in rows]),
        _median([row.total for row in rows]),
        max((row.peak for row in rows if row.peak is not None), default=None),
        exact=first.exact,
    )


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
