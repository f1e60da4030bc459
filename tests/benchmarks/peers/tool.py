"""What the benchmark knows of a tool."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.benchmarks.peers.measure import Limits
from tests.benchmarks.peers.rows import Row
from tests.benchmarks.peers.sizes import Size

MODELS = Path(__file__).parent


class Tool(Protocol):
    """One row of the table: a tool in one of its modes. ``family`` is what --tools names."""

    @property
    def name(self) -> str: ...

    @property
    def family(self) -> str: ...

    def missing(self) -> str:
        """What to install, if it is not there; else the empty string."""

    def need(self, size: Size) -> int:
        """About how many bytes of memory it will take."""

    def too_slow(self, size: Size) -> str:
        """Why it is not tried with so many states, if so; else the empty string."""

    def measure(self, size: Size, folder: Path, limits: Limits) -> Row:
        """From a cold start, in an empty folder."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a tool says it found; ``seconds`` of the search by its own clock, if it has a fine
    one."""

    states: int
    transitions: int
    seconds: float | None = None


def differs(counted: Counted, size: Size, digits: int = 20) -> str:
    """What is not as it should be in an exact tool's counts, of which it prints so many digits."""
    for what, found, known in (
        ("states", counted.states, size.states),
        ("transitions", counted.transitions, size.transitions),
    ):
        if abs(found - known) >= 10 ** max(0, len(str(known)) - digits):
            return f"WRONG: {found:,} {what}, not {known:,}"
    return ""
