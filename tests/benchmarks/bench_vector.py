"""Interpreter and vector engine on the same models: ``python -m`` this module.

Seconds are processor time of this process, the vector engine's with generating its code. ``alone``
explores without any property, ``all`` with all of them, stuck agents and traces included. Bytes are
by how much the process was larger at its largest than before, for one run in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import process_time

from pinmc.api import load
from pinmc.engines.base import Engine, ExploreOptions, Limits
from pinmc.engines.interp import InterpEngine
from pinmc.engines.vector.engine import VectorEngine
from pinmc.engines.watch import memory_bytes
from pinmc.ir.system import System
from tests.benchmarks.pin_lease import pin_lease

SPECS = Path(__file__).parents[2] / "specs"
INTERPRETED = 200_000
"""So many states are enough to know the interpreter's speed."""

ALONE = frozenset[str]()


def specification(name: str) -> System:
    """Its first design."""
    return load(SPECS / name).systems[0]


MODELS: tuple[tuple[str, Callable[[], System]], ...] = (
    ("specs/btrfs_lease.pin", partial(specification, "btrfs_lease.pin")),
    ("specs/btrfs_lease_large.pin", partial(specification, "btrfs_lease_large.pin")),
    ("pin and lease, 2 users, 1 page", partial(pin_lease, 2, 1)),
    ("pin and lease, 1 user, 2 pages", partial(pin_lease, 1, 2)),
    ("pin and lease, 2 users, 2 pages", partial(pin_lease, 2, 2)),
    ("pin and lease, 3 users, 2 pages", partial(pin_lease, 3, 2)),
)
"""Names and Systems, small to large."""


def timed(engine: Engine, system: System, options: ExploreOptions) -> tuple[int, float]:
    """States and the processor seconds of the fastest of two runs."""
    seconds, states = list[float](), 0
    for _ in range(2):
        start = process_time()
        states = engine.explore(system, options).statistics.states
        seconds.append(process_time() - start)
    return states, min(seconds)


def row(name: str, states: int, seconds: float) -> str:
    rate = states / max(seconds, 1e-9)
    return f"  {name:20}{states:>12,} states{seconds:>9.2f} s{rate:>12,.0f} states/s"


def bytes_a_state(number: int) -> float:
    """For model ``number``, measured in another process."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_vector", "memory", str(number)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(ran.stdout)


def memory(number: int) -> float:
    """The same, measured in this process."""
    system = MODELS[number][1]()
    VectorEngine(strict=True).explore(system, ExploreOptions(Limits(depth=2), properties=ALONE))
    before = memory_bytes()
    found = VectorEngine(strict=True).explore(system, ExploreOptions(properties=ALONE))
    return (_largest() - before) / found.statistics.states


def _largest() -> int:
    """The most memory this program has had; the operating system's own figure may be that of the
    process which started it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("there is no VmHWM in /proc/self/status")


def main(arguments: Sequence[str]) -> None:
    """Prints a few rows for each model; an argument limits how many models."""
    if arguments[:1] == ["memory"]:
        print(memory(int(arguments[1])))
        return
    most = int(arguments[0]) if arguments else 5
    for number, (name, make) in enumerate(MODELS[:most]):
        system = make()
        print(name)
        limited = ExploreOptions(Limits(states=INTERPRETED))
        print(row("interpreter", *timed(InterpEngine(), system, limited)))
        vector = VectorEngine(strict=True)
        print(row("vector, all", *timed(vector, system, ExploreOptions())))
        alone = row("vector, alone", *timed(vector, system, ExploreOptions(properties=ALONE)))
        print(f"{alone}{bytes_a_state(number):>9.1f} bytes/state", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
