"""Interpreter and native engine on the same models: ``python -m`` this module.

Each figure is the best of three runs, without compiling, which is a row of its own. ``all`` is the
whole run, with the search for stuck agents and the traces of everything decided; ``search`` is
without properties that are about stuck agents or what can be reached. Bytes are those of the
process at its largest.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from pinmc.api import load
from pinmc.engines.base import Engine, ExploreOptions, Limits
from pinmc.engines.interp import InterpEngine
from pinmc.engines.native.engine import NativeEngine
from pinmc.ir.property import PropertyKind
from pinmc.ir.system import System
from pinmc.results.exploration import Statistics
from tests.benchmarks.pin_lease import pin_lease

SPECS = Path(__file__).parents[2] / "specs"
INTERPRETED = 200_000
"""So many states are enough to know the interpreter's speed."""


def models() -> Iterator[tuple[str, System]]:
    """Names and Systems, small to large."""
    yield "specs/btrfs_lease.pin", load(SPECS / "btrfs_lease.pin").systems[0]
    large = load(SPECS / "btrfs_lease_large.pin").systems
    for number, system in enumerate(large):
        yield f"specs/btrfs_lease_large.pin, design {number}", system
    yield "pin and lease, 2 users, 2 pages", pin_lease(2, 2)
    yield "pin and lease, 3 users, 2 pages", pin_lease(3, 2)


def best(engine: Engine, system: System, options: ExploreOptions) -> Statistics:
    """Those of the fastest of three runs."""
    runs = [engine.explore(system, options).statistics for _ in range(3)]
    return min(runs, key=lambda run: run.seconds)


def row(name: str, found: Statistics, seconds: float) -> str:
    """States, states a second and bytes a state of one way to explore."""
    states = found.states
    memory = f"{found.peak_memory_bytes / states:>7.1f} bytes/state"
    return f"  {name:34}{states:>12,} states{states / seconds:>13,.0f} states/s{memory}"


def search_only(system: System) -> System:
    """The same without the search for stuck agents, and without traces as long as nothing that is
    left is decided."""
    kinds = (PropertyKind.STUCK, PropertyKind.REACHABLE)
    kept = tuple(prop for prop in system.properties if prop.kind not in kinds)
    return replace(system, properties=kept)


def main(arguments: Sequence[str]) -> None:
    """Prints rows for each model; an argument limits the number of threads tried."""
    most = int(arguments[0]) if arguments else 2
    native = NativeEngine(strict=True)
    for name, system in models():
        print(name)
        found = best(InterpEngine(), system, ExploreOptions(Limits(states=INTERPRETED)))
        print(row("interpreted", found, found.seconds))
        start = perf_counter()
        native.explore(system, ExploreOptions(Limits(depth=0)))
        print(f"  {'compiling (or not)':34}{perf_counter() - start:>12.2f} s")
        native_rows(native, system, most)


def native_rows(native: NativeEngine, system: System, most: int) -> None:
    for compact in (False, True):
        for workers in range(1, most + 1):
            options = ExploreOptions(workers=workers, compact=compact)
            kind = f"native{', compact' if compact else ''}, {workers} threads"
            for what, explored in (("search", search_only(system)), ("all", system)):
                found = best(native, explored, options)
                print(row(f"{kind}, {what}", found, found.seconds))


if __name__ == "__main__":
    main(sys.argv[1:])
