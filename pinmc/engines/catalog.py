"""All engines by name, imported when they are asked for."""

from __future__ import annotations

import importlib

from pinmc.base.records import dataclass
from pinmc.engines.base import Engine


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an engine's class is, and in one line what it is good for."""

    module: str
    attribute: str
    summary: str


ENGINES = {
    "auto": Entry(
        "pinmc.engines.auto", "AutoEngine", "interpreted; native or vector when there is a lot"
    ),
    "interpreter": Entry(
        "pinmc.engines.interp.engine", "InterpEngine", "explicit states, generated Python"
    ),
    "vector": Entry(
        "pinmc.engines.vector.engine", "VectorEngine", "explicit states, NumPy over whole levels"
    ),
    "native": Entry(
        "pinmc.engines.native.engine", "NativeEngine", "explicit states, generated C, threads"
    ),
    "bounded": Entry(
        "pinmc.engines.smt.bounded.engine",
        "BoundedEngine",
        "Z3, depth by depth: counterexamples only",
    ),
}

AUTO = "auto"
"""The name that leaves the choice of the engine to pinmc."""


def make_engine(name: str) -> Engine:
    """The engine called ``name``. KeyError when there is none."""
    entry = ENGINES[name]
    engine: Engine = getattr(importlib.import_module(entry.module), entry.attribute)()
    return engine
