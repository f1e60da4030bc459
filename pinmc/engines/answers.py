"""What all engines share of an answer: which properties it is about, and in which words they say
why they stopped and what was never seen."""

from __future__ import annotations

from typing import assert_never

from pinmc.engines.base import ExploreOptions
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.system import System

NOT_YET = "temporal properties are not checked yet"
FIRST_VIOLATION = "stopped at the first violation"
INTERRUPTED = "interrupted"
OUT_OF_MEMORY = "out of memory"
LEFT = "left to a faster engine"


def asked_for(system: System, options: ExploreOptions) -> tuple[Property, ...]:
    """The properties that are asked for."""
    names = options.properties
    return tuple(p for p in system.properties if names is None or p.name in names)


def state_limit(states: int) -> str:
    return f"state limit of {states} reached"


def depth_limit(depth: int) -> str:
    return f"depth limit of {depth} reached"


def time_limit(seconds: float) -> str:
    return f"time limit of {seconds:g} s reached"


def memory_limit(memory: int) -> str:
    return f"memory limit of {memory // 2**20} MiB reached"


def error_in_claim(text: str) -> str:
    """The reason of a claim that is decided because evaluating it is a found error."""
    return f"evaluating it is an error: {text}"


def never_seen(kind: PropertyKind) -> Verdict:
    """The verdict when the whole space was searched and nothing decided the property."""
    match kind:
        case PropertyKind.REACHABLE:
            return Verdict.UNREACHABLE
        case PropertyKind.TEMPORAL:
            return Verdict.SKIPPED
        case (
            PropertyKind.INVARIANT
            | PropertyKind.STEP_INVARIANT
            | PropertyKind.LEMMA
            | PropertyKind.DEADLOCK
            | PropertyKind.STUCK
            | PropertyKind.ERRORS
            | PropertyKind.ASSERT
        ):
            return Verdict.HOLDS
        case _:
            assert_never(kind)
