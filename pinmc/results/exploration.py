"""What an engine found: the common answer of all of them."""

from __future__ import annotations

from pinmc.base.records import dataclass
from pinmc.ir.property import Verdict
from pinmc.results.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Statistics:
    """``transitions`` counts steps that reach a state; ``depth`` is the greatest distance from an
    initial state in steps; ``complete``: every reachable state was expanded."""

    states: int
    transitions: int
    depth: int
    seconds: float
    complete: bool
    peak_memory_bytes: int


@dataclass(frozen=True, slots=True)
class Finding:
    """An engine's answer to one property. ``schedule`` is the shortest trace where there is one.

    For ``stuck`` and ``deadlock``, ``agents`` are the actor instances stuck in its last state.
    """

    property: str
    verdict: Verdict
    reason: str = ""
    schedule: Schedule | None = None
    agents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Exploration:
    """``findings`` in the order of ``System.properties``. ``marks`` executed at least once and
    ``witnesses`` (positions) seen true are what vacuity is judged by. ``interrupted``: Ctrl-C.
    ``note`` says which engine was used instead of the one asked for, and why."""

    engine: str
    findings: tuple[Finding, ...]
    statistics: Statistics
    marks: frozenset[int]
    witnesses: frozenset[int]
    stopped: str = ""
    interrupted: bool = False
    note: str = ""
