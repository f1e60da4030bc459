"""Checks the model once with one engine and prints what was counted, as JSON.

``python -m`` this module ENGINE WORKERS check|again|compile plain|compact NAME=VALUE…, from the
repository's root. It is a process of its own, so that its memory and its time from a cold start
can be measured. With ``compile`` the optimised program is made, and nothing else; ``again`` is a
check for which Python has imported everything, as SPIN's search begins when its program runs.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pinmc
from pinmc.api import Result
from pinmc.engines.base import ExploreOptions

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
    from pinmc.engines.native.building import USUAL
    from pinmc.engines.native.engine import NativeEngine

    options = ExploreOptions(properties=frozenset(PROPERTIES))
    for system in pinmc.load(SPEC, constants=constants).systems:
        assert NativeEngine(USUAL).prepare(system, options, threading.Event()) is not None


def check(
    constants: dict[str, str],
    engine: str,
    workers: str,
    compact: str,
    max_depth: int | None = None,
) -> Result:
    return pinmc.check(
        SPEC,
        constants=constants,
        properties=PROPERTIES,
        engine=engine,
        workers=int(workers),
        compact=compact == "compact",
        max_depth=max_depth,
    )


def main(arguments: Sequence[str]) -> None:
    engine, workers, how, compact, *pairs = arguments
    constants = dict(pair.split("=") for pair in pairs)
    if how == "compile":
        compile_now(constants)
        return
    if how == "again":
        check(constants, engine, workers, compact, max_depth=0)
    result = check(constants, engine, workers, compact)
    design = result.designs[0]
    statistics = design.statistics
    told = {
        "engine": design.engine,
        "states": statistics.states,
        "transitions": statistics.transitions,
        "depth": statistics.depth,
        "seconds": statistics.seconds,
        "complete": statistics.complete,
        "verdicts": {found.name: found.verdict.value for found in design.properties},
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
