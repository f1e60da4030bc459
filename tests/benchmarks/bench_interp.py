"""How many transitions a second the interpreter engine makes: ``python -m`` this module."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pinmc
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp import InterpEngine
from tests.benchmarks.pin_lease import pin_lease

SIZES = ((1, 1), (1, 2), (2, 1), (2, 2))


def main(arguments: Sequence[str]) -> None:
    """Prints one row for each size; an argument limits the number of states."""
    limit = int(arguments[0]) if arguments else 200_000
    print(f"{'users x pages':14}{'states':>10}{'transitions':>13}{'seconds':>9}{'per second':>12}")
    for users, pages in SIZES:
        options = ExploreOptions(Limits(states=limit))
        found = InterpEngine().explore(pin_lease(users, pages), options)
        s = found.statistics
        rate = s.transitions / s.seconds
        name = f"{users} x {pages}{'' if s.complete else ' (cut)'}"
        print(f"{name:14}{s.states:>10,}{s.transitions:>13,}{s.seconds:>9.2f}{rate:>12,.0f}")
    specifications()


def specifications() -> None:
    """One row for each design of the specifications that come with pinmc and are not tiny."""
    width = 62
    print(f"\n{'specification, design':{width}}{'states':>10}{'seconds':>9}{'per second':>12}")
    for name in ("btrfs_lease", "btrfs_lease_large"):
        spec = pinmc.load(Path(__file__).parents[2] / "specs" / f"{name}.pin")
        for system, label in zip(spec.systems, spec.labels, strict=True):
            s = InterpEngine().explore(system, ExploreOptions()).statistics
            row = f"{name} {label}"[: width - 1]
            rate = s.transitions / s.seconds
            print(f"{row:{width}}{s.states:>10,}{s.seconds:>9.2f}{rate:>12,.0f}")


if __name__ == "__main__":
    main(sys.argv[1:])
