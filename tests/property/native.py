"""Engines for testing: the native one as fast to compile as can be, and never falling back."""

from __future__ import annotations

from functools import cache

import pytest

from pinmc.engines.base import ExploreOptions
from pinmc.engines.interp import InterpEngine
from pinmc.engines.native.building import Flags
from pinmc.engines.native.compilers import find_compiler
from pinmc.engines.native.engine import NativeEngine
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="there is no C compiler")

STRICT = ("-Wall", "-Wextra", "-Werror")


@cache
def quick_engine() -> NativeEngine:
    return NativeEngine(Flags("-O1", "-O0"), strict=True)


CRAMPED = (
    "-DWINDOW=4",
    "-DATTEMPT_BITS=1",
    "-DSMALL_TABLE=512",
    "-DFEW_WINDOWS=2",
    "-DFIRST_CHOICE=3",
)
"""A table of states that has room for few: it grows all the time, and when it is compact it finds
that its lines are full before it is. Ranks are chosen after the first levels."""


@cache
def cramped_engine(*more: str) -> NativeEngine:
    return NativeEngine(Flags("-O1", "-O0", (*CRAMPED, *more)), strict=True, first_lines=1)


@cache
def engine(*more: str, model: str = "-O1") -> NativeEngine:
    """``more`` are flags for the compiler."""
    return NativeEngine(Flags("-O1", model, more), strict=True)


def compare(found: Exploration, expected: Exploration) -> None:
    """Everything but the time it took is the same."""
    assert found.findings == expected.findings
    counts = ("states", "transitions", "depth", "complete")
    assert [getattr(found.statistics, name) for name in counts] == [
        getattr(expected.statistics, name) for name in counts
    ]
    assert found.marks == expected.marks
    assert found.witnesses == expected.witnesses
    assert (found.stopped, found.interrupted) == (expected.stopped, expected.interrupted)


def same_as_interpreted(
    native: NativeEngine, system: System, options: ExploreOptions
) -> Exploration:
    """The native answer, after comparing it with the interpreter's."""
    found = native.explore(system, options)
    compare(found, InterpEngine().explore(system, options))
    return found
