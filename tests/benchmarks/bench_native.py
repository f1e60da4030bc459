"""Interpreter and native engine on the same models: ``python -m`` this module.

Each figure is the best of three runs. ``states/s`` is of the whole run, with the search for stuck
agents and the traces of everything decided, but without compiling, which is a column of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from pinmc.api import load
from pinmc.engines.base import Engine, ExploreOptions, Limits
from pinmc.engines.interp import InterpEngine
from pinmc.engines.native.engine import NativeEngine
from pinmc.ir.system import System
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


def best(engine: Engine, system: System, options: ExploreOptions) -> tuple[int, float, int]:
    """States, seconds and bytes of the fastest of three runs."""
    runs = [engine.explore(system, options).statistics for _ in range(3)]
    fastest = min(runs, key=lambda run: run.seconds)
    return fastest.states, fastest.seconds, fastest.peak_memory_bytes


def main(arguments: Sequence[str]) -> None:
    """Prints a row for each model; an argument limits the number of threads tried."""
    most = int(arguments[0]) if arguments else 2
    for name, system in models():
        print(name)
        limited = ExploreOptions(Limits(states=INTERPRETED))
        states, seconds, _ = best(InterpEngine(), system, limited)
        print(f"  {'interpreter':22}{states:>12,} states{states / seconds:>14,.0f} states/s")
        native = NativeEngine(strict=True)
        start = perf_counter()
        native.explore(system, ExploreOptions(Limits(depth=0)))
        print(f"  {'compiling (or not)':22}{perf_counter() - start:>12.2f} s")
        for workers in range(1, most + 1):
            states, seconds, memory = best(native, system, ExploreOptions(workers=workers))
            row = f"{states:>12,} states{states / seconds:>14,.0f} states/s"
            print(f"  {f'native, {workers} threads':22}{row}{memory / states:>9.1f} bytes/state")


if __name__ == "__main__":
    main(sys.argv[1:])
