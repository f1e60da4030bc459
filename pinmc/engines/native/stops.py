"""Why the native program stopped, in words."""

from __future__ import annotations

from pinmc.engines.answers import (
    FIRST_VIOLATION,
    INTERRUPTED,
    OUT_OF_MEMORY,
    depth_limit,
    memory_limit,
    state_limit,
    time_limit,
)
from pinmc.engines.base import Limits


def stopped_text(stop: int, limits: Limits) -> str:
    """Why it stopped, as every engine says it; empty when it did not."""
    match stop:
        case 0:
            return ""
        case 1:
            return state_limit(limits.states or 0)
        case 2:
            return depth_limit(limits.depth or 0)
        case 3:
            return time_limit(limits.timeout or 0)
        case 4:
            return memory_limit(limits.memory or 0)
        case 5:
            return FIRST_VIOLATION
        case 6:
            return INTERRUPTED
        case 7:
            return OUT_OF_MEMORY
        case _:
            raise ValueError(f"the native program stopped for reason {stop}")
