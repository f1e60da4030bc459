"""Keeps an eye on the limits of a running exploration and reports its progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from pinmc.engines.answers import memory_limit, time_limit
from pinmc.engines.base import ExploreOptions, Progress

_SECONDS_BETWEEN_LOOKS = 0.2


class Stopped(Exception):
    """The exploration ends before its time; the message is the reason."""


def peak_memory_bytes() -> int:
    """The most memory the process has had, 0 where the platform does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def memory_bytes() -> int:
    """What the process has in memory now: its limit must not remember an earlier exploration."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return peak_memory_bytes()


class Left(Exception):
    """A faster engine begins anew."""


class Watch:
    """``look`` is cheap enough to be called every few states: it mostly reads the clock.

    ``sight`` makes the progress report: states, transitions, depth and frontier come from it.
    ``started``: since when the limit of time counts, by ``perf_counter``; now without it.
    ``leave`` says whether a faster engine is ready.
    """

    def __init__(
        self,
        options: ExploreOptions,
        sight: Callable[[float, int], Progress],
        started: float | None = None,
        leave: Callable[[], bool] | None = None,
    ) -> None:
        self._limits = options.limits
        self._progress = options.progress
        self._sight = sight
        self._leave = leave
        self._started = perf_counter() if started is None else started
        self._next_look = perf_counter() + _SECONDS_BETWEEN_LOOKS
        timeout = self._limits.timeout
        self._deadline = None if timeout is None else self._started + timeout

    @property
    def seconds(self) -> float:
        return perf_counter() - self._started

    def look(self) -> bool:
        """Raises ``Stopped`` past a limit, and ``Left``. True when it was time for a thorough
        look."""
        if self._leave is not None and self._leave():
            raise Left
        now = perf_counter()
        if self._deadline is not None and now >= self._deadline:
            raise Stopped(time_limit(self._limits.timeout or 0))
        if now < self._next_look:
            return False
        self._next_look = now + _SECONDS_BETWEEN_LOOKS
        memory = memory_bytes()
        if self._progress is not None:
            self._progress(self._sight(now - self._started, memory))
        if self._limits.memory is not None and memory > self._limits.memory:
            raise Stopped(memory_limit(self._limits.memory))
        return True

    def rest(self) -> None:
        """No more limits: what follows only tells what was found."""
        self._leave = None
        self._deadline = None
        self._next_look = float("inf")
