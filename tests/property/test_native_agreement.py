"""The native engine gives the interpreter's answers, with one thread and with two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.native import bodies, commands, exprs
from tests.checking import system_of
from tests.property.native import (
    STRICT,
    cramped_engine,
    engine,
    needs_compiler,
    quick_engine,
    same_as_interpreted,
)
from tests.property.specs import SpecWriter
from tests.property.systems import Dice, build_system
from tests.rounds import rounds

pytestmark = needs_compiler

GROUPS = rounds(20, fast=1)
SYSTEMS, SPECS, STRICT_ONES = 18, 8, 12
"""How many in each group: 520 and the strict ones a run."""

MOST_STATES = 120
DEEPEST = 4


def _ways(number: int) -> Iterator[ExploreOptions]:
    """How to explore system ``number``: limits of states (in order, with one thread), of depth,
    or the first violation; and without a limit of states with two threads as well."""
    depth = (None, None, 0, 2)[number % 4]
    limited = ExploreOptions(Limits(states=MOST_STATES, depth=depth), workers=1)
    yield limited
    yield ExploreOptions(Limits(depth=DEEPEST if depth is None else depth), workers=2)
    yield replace(limited, first=True)


@pytest.mark.parametrize("group", GROUPS)
def test_random_systems(group: int, seed: int) -> None:
    for number in range(SYSTEMS):
        own = seed + group * SYSTEMS + number
        system = build_system(Dice(Random(own)))
        for options in _ways(number):
            same_as_interpreted(quick_engine(), system, options)


@pytest.mark.parametrize("group", GROUPS)
def test_random_specifications(group: int, seed: int) -> None:
    for number in range(SPECS):
        own = seed + group * SPECS + number
        system = system_of(SpecWriter(Random(own)).write())
        for options in _ways(number):
            same_as_interpreted(quick_engine(), system, options)


def _cramped_ways() -> Iterator[ExploreOptions]:
    """Ways on which the table grows with one thread and with several, plain and compact."""
    limits = Limits(depth=DEEPEST)
    yield from (ExploreOptions(limits, workers=workers) for workers in (1, 2, 4))
    yield from (ExploreOptions(limits, workers=workers, compact=True) for workers in (1, 2, 4))
    yield ExploreOptions(Limits(states=MOST_STATES), first=True, compact=True)


@pytest.mark.parametrize("group", GROUPS)
def test_growing_and_compact(group: int, seed: int) -> None:
    for number in range(SPECS):
        own = seed + group * SPECS + number
        system = build_system(Dice(Random(own)))
        for options in _cramped_ways():
            same_as_interpreted(cramped_engine(), system, options)


MARKED_BUT_NEVER_TAKEN = 633
"""The seed of a system with a command that can only fail, after which it would have marked."""


@pytest.mark.parametrize("style", ["unrolled", pytest.param("looped", marks=pytest.mark.slow)])
def test_without_warnings(style: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if style == "looped":
        monkeypatch.setattr(exprs, "UNROLL_WEIGHT", 0)
        monkeypatch.setattr(bodies, "UNROLL_WEIGHT", 0)
        monkeypatch.setattr(commands, "UNROLLED_INSTANCES", 0)
    own = [MARKED_BUT_NEVER_TAKEN, *(seed - 1 - number for number in range(STRICT_ONES))]
    for number, chosen in enumerate(own):
        system = build_system(Dice(Random(chosen)))
        for options in _ways(number):
            same_as_interpreted(engine(*STRICT), system, options)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sanitizers", "workers"), [("address,undefined", 1), ("address,undefined", 2), ("thread", 2)]
)
def test_sanitizers(
    sanitizers: str, workers: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the program leaves to the operating system at its end is no leak.
    monkeypatch.setenv("ASAN_OPTIONS", "detect_leaks=0")
    flags = (f"-fsanitize={sanitizers}", "-fno-sanitize-recover=all")
    for native in (engine(*flags), cramped_engine(*flags)):
        for number in range(5):
            system = build_system(Dice(Random(seed + 10**6 + number)))
            options = ExploreOptions(Limits(depth=DEEPEST), workers=workers)
            same_as_interpreted(native, system, options)
            same_as_interpreted(native, system, replace(options, compact=True))
