"""Generated functions and folding do in any state, reachable or not, what the definition says."""

from __future__ import annotations

from random import Random
from typing import TypeAlias

import pytest

from pinmc.engines.interp.layout import Key
from pinmc.engines.interp.program import Hooks, Program, tagged
from pinmc.ir.evaluate import FoundError, cells
from pinmc.ir.expr import ErrorSite, Expr
from pinmc.ir.extent import extent
from pinmc.ir.semantics import Failed, Next, State, evaluate, successors
from pinmc.ir.system import System
from pinmc.ir.types import Int, bounds
from pinmc.passes.folding import fold
from tests.property.systems import Dice, Scope, build_system
from tests.property.test_engine_agreement import generation
from tests.rounds import rounds

Reached: TypeAlias = tuple[int, tuple[int, ...], State]
Went: TypeAlias = tuple[str, int, tuple[int, ...]]

STYLES = ["unrolled", pytest.param("looped", marks=pytest.mark.slow)]
GROUPS = rounds(5, fast=1)
SYSTEMS = 30
"""In each group."""


def any_state(system: System, random: Random) -> State:
    """Every cell has some value of its type."""
    state = [0] * system.slots
    for var in system.variables:
        lo, hi = (-3, 3) if isinstance(var.type, Int) else bounds(var.type)
        for slot in range(var.offset, var.offset + cells(var)):
            state[slot] = random.randint(lo, hi)
    return tuple(state)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("group", GROUPS)
def test_commands(style: str, group: int, seed: int) -> None:
    for own in range(seed + group * SYSTEMS, seed + (group + 1) * SYSTEMS):
        random = Random(own)
        system = build_system(Dice(random))
        with generation(style):
            for _ in range(3):
                state = any_state(system, random)
                assert _generated(system, state) == _defined(system, state), own


def _defined(system: System, state: State) -> tuple[list[Reached], list[Went], set[int]]:
    reached, failed, marks = list[Reached](), list[Went](), set[int]()
    for (command, args), outcome in successors(system, state):
        if isinstance(outcome, Next):
            reached.append((command, args, outcome.state))
            marks |= {mark for mark, _ in outcome.marks}
        elif isinstance(outcome, Failed):
            failed.append((outcome.site.text, command, args))
    return reached, failed, marks


def _generated(system: System, state: State) -> tuple[list[Reached], list[Went], set[int]]:
    failed = list[Went]()

    def note(site: ErrorSite, command: int, args: tuple[int, ...]) -> None:
        failed.append((site.text, command, args))

    program = Program(system, Hooks(note, lambda: None))
    key = program.layout.encode(state)
    reached, bits = list[Reached](), 0
    for target in program.at(program.places(key)).targets:
        told: list[tuple[Key, tuple[int, ...]]] = []
        function = program.function(tagged(target))
        assert function is not None
        bits |= function(key, told.append)
        reached += [(target.number, args, program.layout.decode(k)) for k, args in told]
    return reached, failed, set(program.bits.marks_in(bits))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("group", GROUPS)
def test_expressions(style: str, group: int, seed: int) -> None:
    for own in range(seed + group * SYSTEMS, seed + (group + 1) * SYSTEMS):
        _expressions(style, Random(own))


def _expressions(style: str, random: Random) -> None:
    system = build_system(Dice(random))
    scope = Scope(Dice(random), system.variables, {}, [0], system.actors, primes=True)
    program = Program(system, Hooks(lambda *_: None, lambda: None))
    for _ in range(10):
        expr = scope.number(4) if random.random() < 0.7 else scope.truth(4)
        with generation(style):
            compiled = program.step_claim(expr)
        for _ in range(5):
            state, after = any_state(system, random), any_state(system, random)
            expected = value_or_error(system, expr, state, after)
            assert value_or_error(system, fold(expr), state, after) == expected
            assert _compiled(compiled, program, state, after) == expected
            _within_extent(expr, expected)


def value_or_error(system: System, expr: Expr, state: State, after: State) -> int | str:
    try:
        return evaluate(system, expr, state, {}, after)
    except FoundError as error:
        return error.site.text


def _compiled(compiled: object, program: Program, state: State, after: State) -> int | str:
    assert callable(compiled)
    encode = program.layout.encode
    try:
        return int(compiled(encode(state), encode(after)))
    except FoundError as error:
        return error.site.text


def _within_extent(expr: Expr, value: int | str) -> None:
    known = extent(expr)
    if known is not None and isinstance(value, int):
        assert known[0] <= value <= known[1]
