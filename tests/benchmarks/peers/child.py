"""Checks the model once with one engine and prints what was counted, as JSON.

``python -m`` this module ENGINE WORKERS check|again|compile plain|compact NAME=VALUE…, from the
repository's root. It is a process of its own, so that its memory and its time from a cold start
can be measured. With ``compile`` the optimised program is made, and nothing else. With ``again``
the time is that of the search, for which everything is generated, compiled and imported, as SPIN's
search begins when its program runs; for native code it includes starting the program.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pinmc
from pinmc.api import Result
from pinmc.engines.base import ExploreOptions
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration, Statistics

if TYPE_CHECKING:
    # Imported where it is needed: times are measured from a cold start.
    from pinmc.engines.native.engine import Prepared

SPEC = Path(__file__).with_name("pin_lease.pin")

PROPERTIES = (
    "no_freed_block_under_pin",
    "pin_needs_lease",
    "checksum_stability",
    "deadlock",
    "errors",
)
"""What the other tools check too. None of them looks for actors that can never move again."""


def compile_now(constants: dict[str, str]) -> None:
    """Without exploring anything: the program goes into the cache."""
    options = ExploreOptions(properties=frozenset(PROPERTIES))
    for system in pinmc.load(SPEC, constants=constants).systems:
        _compiled(system, options)


def _compiled(system: System, options: ExploreOptions) -> Prepared:
    from pinmc.engines.native.cache import open_cache
    from pinmc.engines.native.engine import NativeEngine

    prepared = NativeEngine().prepare(system, options)
    with open_cache() as cache:
        return replace(prepared, program=prepared.made(cache))


def check(constants: dict[str, str], engine: str, workers: str, compact: str) -> Result:
    return pinmc.check(
        SPEC,
        constants=constants,
        properties=PROPERTIES,
        engine=engine,
        workers=int(workers),
        compact=compact == "compact",
    )


def main(arguments: Sequence[str]) -> None:
    engine, workers, how, compact, *pairs = arguments
    constants = dict(pair.split("=") for pair in pairs)
    if how == "compile":
        compile_now(constants)
        return
    if how == "again":
        told = searched(constants, engine, int(workers), compact == "compact")
    else:
        design = check(constants, engine, workers, compact).designs[0]
        verdicts = {found.name: found.verdict.value for found in design.properties}
        told = _told(design.engine, design.statistics, verdicts)
    print(json.dumps(told))


def searched(
    constants: dict[str, str], engine: str, workers: int, compact: bool
) -> dict[str, object]:
    system = pinmc.load(SPEC, constants=constants).systems[0]
    options = ExploreOptions(properties=frozenset(PROPERTIES), workers=workers, compact=compact)
    attempt = _native(system, options) if engine == "native" else _vector(system, options)
    begun = perf_counter()
    found = attempt()
    seconds = perf_counter() - begun
    verdicts = {each.property: each.verdict.value for each in found.findings}
    return {**_told(found.engine, found.statistics, verdicts), "seconds": seconds}


def _native(system: System, options: ExploreOptions) -> Callable[[], Exploration]:
    from pinmc.engines.native.engine import NativeEngine

    prepared = _compiled(system, options)
    return lambda: NativeEngine().attempt(system, options, prepared=prepared)


def _vector(system: System, options: ExploreOptions) -> Callable[[], Exploration]:
    from pinmc.engines.vector.engine import VectorEngine

    vector = VectorEngine()
    prepared = vector.prepare(system, options)
    return lambda: vector.attempt(system, options, prepared=prepared)


def _told(engine: str, statistics: Statistics, verdicts: dict[str, str]) -> dict[str, object]:
    return {
        "engine": engine,
        "states": statistics.states,
        "transitions": statistics.transitions,
        "depth": statistics.depth,
        "seconds": statistics.seconds,
        "complete": statistics.complete,
        "verdicts": verdicts,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
