"""Of which kind each step is (see ``pinmc.engines.sleep``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.layout import Layout
from pinmc.engines.sleep.effects import Cell
from pinmc.engines.sleep.kinds import Kinds
from pinmc.engines.vector.frame import Reached, Rows, Stored, Words
from pinmc.ir.types import size

KindsOf: TypeAlias = NDArray[np.uint8]

_Sized: TypeAlias = tuple[Stored, NDArray[np.int64]]
"""A cell, and how many values it has."""


@dataclass(frozen=True, slots=True)
class StepKinds:
    """The kinds of the steps of each of the program's parts, by the combination of values that some
    cells have: those of number ``which`` in ``cells``, or of none, with -1."""

    first: KindsOf
    known: tuple[KindsOf, ...]
    which: tuple[int, ...]
    cells: tuple[tuple[_Sized, ...], ...]

    @staticmethod
    def of(steps: Sequence[Kinds], layout: Layout) -> StepKinds:
        numbers: dict[tuple[Cell, ...], int] = {(): -1}
        which = [numbers.setdefault(part.cells, len(numbers) - 1) for part in steps]
        return StepKinds(
            np.array([part.kinds[0] for part in steps], np.uint8),
            tuple(np.array(part.kinds, np.uint8) for part in steps),
            tuple(which),
            tuple(tuple(_sized(cell, layout) for cell in cells) for cells in list(numbers)[1:]),
        )

    def of_steps(self, out: Reached, states: Words) -> KindsOf:
        """The kind of each step from ``states``."""
        counts = [len(rows) for rows in out.rows]
        found = np.repeat(self.first[out.parts], counts)
        picked: dict[int, Rows] = {}
        end = 0
        for part, rows, count in zip(out.parts, out.rows, counts, strict=True):
            end += count
            which = self.which[part]
            if which >= 0 and count:
                at = picked.get(which)
                if at is None:
                    at = picked[which] = _combinations(self.cells[which], states)
                found[end - count : end] = self.known[part].take(at.take(rows))
        return found


def _sized(cell: Cell, layout: Layout) -> _Sized:
    return Stored.at(layout.cell(cell.slot)), np.array(size(cell.type))


def _combinations(cells: Sequence[_Sized], states: Words) -> Rows:
    """Which combination of values the cells of each state have, row-major."""
    at = np.zeros(len(states[0]), np.int64)
    for cell, values in cells:
        at *= values
        at += cell.of(states).view(np.int64)
    return at
