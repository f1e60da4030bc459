"""Checks the model once with one engine and prints what was counted, as JSON.

``python -m`` this module ENGINE WORKERS NAME=VALUE…, from the repository's root. It is a process
of its own, so that its memory and its time from a cold start can be measured.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pinmc

PROPERTIES = (
    "no_freed_block_under_pin",
    "pin_needs_lease",
    "checksum_stability",
    "deadlock",
    "errors",
)
"""What the other tools check too. None of them looks for actors that can never move again."""


def main(arguments: Sequence[str]) -> None:
    engine, workers, *pairs = arguments
    constants = dict(pair.split("=") for pair in pairs)
    result = pinmc.check(
        Path(__file__).with_name("pin_lease.pin"),
        constants=constants,
        properties=PROPERTIES,
        engine=engine,
        workers=int(workers),
    )
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
