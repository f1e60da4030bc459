"""All reachable states of a small System, as a matrix to mine lemmas from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from pinmc.base.records import dataclass
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp.search import Search
from pinmc.ir.evaluate import cells
from pinmc.ir.system import System
from pinmc.ir.types import INT64_MAX, bounds

Matrix = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class States:
    """``matrix``: a row a state in breadth-first order, a column a slot. ``complete``: these are
    all of them. ``wide``: slots whose type goes beyond 64 signed bits; their columns are 0."""

    matrix: Matrix
    complete: bool
    wide: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Instance:
    """One small instance of a specification and what was explored of it. ``constants``: the values
    it has for the constants that the proof leaves free."""

    system: System
    states: States
    constants: Mapping[str, int] = field(default_factory=dict)


def reachable(system: System, most: int, seconds: float | None = None) -> States:
    """The reachable states of ``system``, ghosts, locks and places included; the first ``most`` of
    them, or those found in ``seconds``, if there are more. Raises KeyboardInterrupt.
    """
    search = Search(system, ExploreOptions(Limits(states=most, timeout=seconds)), ())
    search.run()
    if search.interrupted:
        raise KeyboardInterrupt
    found = search.states[: search.count]
    wide = _wide(system)
    layout = search.program.layout
    if layout.packed:
        rows = np.frombuffer(b"".join(map(bytes, found)), dtype=np.uint8)
        matrix = rows.reshape(len(found), system.slots).astype(np.int64)
        matrix += np.array(layout.lows, dtype=np.int64)
    elif wide:
        kept = [tuple(0 if at in wide else v for at, v in enumerate(key)) for key in found]
        matrix = np.array(kept, dtype=np.int64).reshape(len(found), system.slots)
    else:
        matrix = np.array(found, dtype=np.int64).reshape(len(found), system.slots)
    return States(np.asfortranarray(matrix), search.complete, wide)


def _wide(system: System) -> frozenset[int]:
    return frozenset(
        var.offset + position
        for var in system.variables
        if bounds(var.type)[1] > INT64_MAX
        for position in range(cells(var))
    )
