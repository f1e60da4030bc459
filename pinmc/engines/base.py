"""What an engine is: a name and a way to explore a System within limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pinmc.base.records import dataclass
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration


@dataclass(frozen=True, slots=True)
class Limits:
    """None is no limit. ``memory`` in bytes of the process, ``timeout`` in seconds."""

    states: int | None = None
    depth: int | None = None
    timeout: float | None = None
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A glimpse of a running exploration."""

    states: int
    transitions: int
    depth: int
    frontier: int
    seconds: float
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class ExploreOptions:
    """``first``: stop at the first violation. ``properties``: names to check, None for all.

    ``progress`` is called a few times a second at most. ``workers``: threads of engines that have
    them, None for one a core; the answer does not depend on it. ``compact``: take less memory for
    more time, in engines that can."""

    limits: Limits = Limits()
    first: bool = False
    properties: frozenset[str] | None = None
    progress: Callable[[Progress], None] | None = None
    workers: int | None = None
    compact: bool = False


class Engine(Protocol):
    @property
    def name(self) -> str: ...

    def explore(self, system: System, options: ExploreOptions) -> Exploration: ...
