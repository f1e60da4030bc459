"""The vector engine gives the interpreter's answers, whatever the sizes of chunks and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

import pinmc
from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp import InterpEngine
from pinmc.engines.vector import bodies, exprs, program
from pinmc.engines.vector.engine import VectorEngine
from pinmc.engines.vector.search import USUAL, Sizes
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration
from tests.checking import system_of
from tests.property.native import compare
from tests.property.specs import SpecWriter
from tests.property.systems import Dice, build_system
from tests.rounds import rounds

GROUPS = rounds(20, fast=1)
SYSTEMS, SPECS = 18, 8
"""How many in each group: 520 a run."""

MOST_STATES = (120, 17, 5, 1)
DEEPEST = 4
SIZES = (USUAL, Sizes(chunk=3, ordered=2, places=8), Sizes(1, 1, 2), Sizes(7, 5, 16))
"""Tiny chunks have many borders, tiny tables collide and grow."""

LARGE = ("btrfs", "lease_designs")
SPECIFICATIONS = sorted((Path(__file__).parents[2] / "specs").glob("*.pin"))


def vector(number: int = 0) -> VectorEngine:
    return VectorEngine(SIZES[number % len(SIZES)], strict=True)


def same_as_interpreted(
    engine: VectorEngine, system: System, options: ExploreOptions
) -> Exploration:
    """The answer, after comparing it with the interpreter's."""
    found = engine.explore(system, options)
    compare(found, InterpEngine().explore(system, options))
    return found


def _ways(number: int) -> Iterator[ExploreOptions]:
    """How to explore system ``number``: with a limit of states, which is kept in order, of depth,
    and with both also up to the first violation."""
    depth = (None, None, 0, 2)[number % 4]
    limited = ExploreOptions(Limits(states=MOST_STATES[number // 2 % 4], depth=depth))
    deep = ExploreOptions(Limits(depth=DEEPEST if depth is None else depth))
    yield from (limited, deep, replace(limited, first=True), replace(deep, first=True))


@pytest.mark.parametrize("group", GROUPS)
def test_random_systems(group: int, seed: int) -> None:
    for number in range(SYSTEMS):
        system = build_system(Dice(Random(seed + group * SYSTEMS + number)))
        for options in _ways(number):
            same_as_interpreted(vector(number // 4), system, options)


@pytest.mark.parametrize("group", GROUPS)
def test_random_specifications(group: int, seed: int) -> None:
    for number in range(SPECS):
        system = system_of(SpecWriter(Random(seed + group * SPECS + number)).write())
        for options in _ways(number):
            same_as_interpreted(vector(number // 4), system, options)


UNARY_MINUS_OF_A_FAILED_CHECK = 1540
"""The seed of a system that changes the sign of what is always a found error."""


@pytest.mark.parametrize(
    "written",
    [*(pytest.param(w, marks=pytest.mark.slow) for w in ("quantifiers", "arguments")), "both"],
)
def test_everything_as_loops(written: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written out as a rule, as loops over values and as arrays of arguments."""
    if written != "arguments":
        monkeypatch.setattr(exprs, "UNROLL_WEIGHT", 0)
        monkeypatch.setattr(bodies, "UNROLL_WEIGHT", 0)
    if written != "quantifiers":
        monkeypatch.setattr(program, "UNROLLED_INSTANCES", 0)
    own = [UNARY_MINUS_OF_A_FAILED_CHECK, *(seed - 1 - number for number in range(12))]
    for number, chosen in enumerate(own):
        system = build_system(Dice(Random(chosen)))
        for options in _ways(number):
            same_as_interpreted(vector(number), system, options)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=[pytest.mark.slow] if path.stem.startswith(LARGE) else [])
        for path in SPECIFICATIONS
    ],
    ids=lambda path: path.stem,
)
def test_the_specifications_that_come_with_pinmc(path: Path) -> None:
    for system in pinmc.load(path).systems:
        assert same_as_interpreted(vector(), system, ExploreOptions()).statistics.complete
