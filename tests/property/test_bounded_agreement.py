"""The bit-vector relation is the definition's, and its runs are as short as the explorer's."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import z3

from pinmc.engines.base import ExploreOptions, Limits
from pinmc.engines.interp import InterpEngine
from pinmc.engines.intervals import Unsupported
from pinmc.engines.smt.bounded.engine import BoundedEngine
from pinmc.engines.smt.bounded.relation import relation, state_of
from pinmc.engines.smt.bounded.steps import instance
from pinmc.engines.smt.bounded.words import Num
from pinmc.ir.evaluate import cells
from pinmc.ir.execute import assignments
from pinmc.ir.property import PropertyKind, Verdict
from pinmc.ir.semantics import Disabled, Failed, Next, State, step
from pinmc.ir.system import System
from pinmc.ir.types import Int, bounds
from pinmc.results.judge import judge_design
from tests.checking import system_of
from tests.property.specs import SpecWriter
from tests.property.systems import Dice, build_system
from tests.rounds import rounds

STATES = 3
GROUPS = rounds(6, fast=1)
SYSTEMS = 20
"""In a group."""

RUNS = 60
DEEPEST = 3
BEYOND = frozenset({PropertyKind.STUCK, PropertyKind.TEMPORAL})


def any_state(system: System, random: Random) -> State:
    state = [0] * system.slots
    for var in system.variables:
        lo, hi = (-3, 3) if isinstance(var.type, Int) else bounds(var.type)
        for slot in range(var.offset, var.offset + cells(var)):
            state[slot] = random.randint(lo, hi)
    return tuple(state)


def systems(seed: int, count: int) -> Iterator[System]:
    for number in range(count):
        random = Random(seed + number)
        if number % 3 == 0:
            yield system_of(SpecWriter(random).write())
        else:
            yield build_system(Dice(random))


def known(term: Any, pairs: list[tuple[Any, Any]]) -> Any:
    return z3.simplify(z3.substitute(term, *pairs)) if pairs else z3.simplify(term)


def number(num: Num, pairs: list[tuple[Any, Any]]) -> int:
    return num.lo if num.term is None else known(num.term, pairs).as_signed_long()


@pytest.mark.parametrize("group", GROUPS)
def test_instances_do_what_the_definition_says(group: int, seed: int) -> None:
    compared = {Next: 0, Failed: 0, Disabled: 0}
    for system in systems(seed + group * SYSTEMS, SYSTEMS):
        random = Random(seed)
        unknown = state_of(system, "s")
        for _ in range(STATES):
            state = any_state(system, random)
            pairs = [
                (num.term, z3.BitVecVal(value, num.term.size()))
                for num, value in zip(unknown, state, strict=True)
                if num.term is not None
            ]
            for command, each in enumerate(system.commands):
                for args in assignments([p.domain for p in each.params]):
                    try:
                        found = instance(command, each, args, unknown)
                    except Unsupported:
                        continue
                    outcome = step(system, state, command, args)
                    compared[type(outcome)] += 1
                    done = z3.is_true(known(found.done, pairs))
                    failed = {c for c, t in found.failed.items() if z3.is_true(known(t, pairs))}
                    assert done is isinstance(outcome, Next)
                    expected = {outcome.site.claim} if isinstance(outcome, Failed) else set()
                    assert failed == expected
                    if isinstance(outcome, Next):
                        after = list(state)
                        for at, num in found.written.items():
                            after[at] = number(num, pairs)
                        assert tuple(after) == outcome.state
    assert all(count > 16 for count in compared.values()), compared


@pytest.mark.slow
def test_runs_are_as_short_as_the_explorers(seed: int) -> None:
    decided = 0
    for system in systems(seed + 10**6, RUNS):
        options = ExploreOptions(Limits(depth=DEEPEST))
        deeper = ExploreOptions(Limits(depth=DEEPEST + 1))  # to see deadlocks at the last depth
        explored = InterpEngine().explore(system, deeper)
        expected = {f.property: (f.verdict, f.schedule) for f in explored.findings}
        found = BoundedEngine().explore(system, options)
        judge_design(system, found)  # replays every schedule
        if found.stopped.startswith("not for"):
            continue
        kinds = {prop.name: prop.kind for prop in system.properties}
        for finding in found.findings:
            verdict, schedule = expected[finding.property]
            if kinds[finding.property] in BEYOND:
                continue
            shown = schedule is not None and len(schedule.moves) <= DEEPEST
            if schedule is not None and schedule.ends_in_error and not schedule.moves:
                continue  # initialisation itself: no run to look for
            assert (finding.schedule is not None) is shown, (system.name, finding)
            if finding.schedule is not None and schedule is not None:
                decided += 1
                assert len(finding.schedule.moves) == len(schedule.moves)
                assert finding.verdict is verdict or verdict is Verdict.VIOLATED
    assert decided > 30


def test_the_relation_leads_where_the_definition_leads(seed: int) -> None:
    """As a whole: choosing an instance decides the next state, and only enabled ones may be."""
    for system in list(systems(seed + 77, 12)):
        try:
            made = relation(system, system.properties)
        except Unsupported:
            continue
        state = any_state(system, Random(seed))
        solver = z3.SolverFor("QF_BV")
        solver.add(made.step)
        for num, value in zip(made.before, state, strict=True):
            if num.term is not None:
                solver.add(num.term == z3.BitVecVal(value, num.term.size()))
        reached = set()
        while solver.check() == z3.sat:
            model = solver.model()
            after = tuple(
                num.lo
                if num.term is None
                else model.eval(num.term, model_completion=True).as_signed_long()
                for num in made.after
            )
            choice = model.eval(made.choice, model_completion=True)
            one = made.instances[choice.as_long()]
            reached.add((one.number, one.args, after))
            solver.add(made.choice != choice)
        expected = set()
        for command, each in enumerate(system.commands):
            for args in assignments([p.domain for p in each.params]):
                outcome = step(system, state, command, args)
                if isinstance(outcome, Next):
                    expected.add((command, args, outcome.state))
        assert reached == expected
