"""Formulas for any number of members, read with a fixed number, say what the definition says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random
from typing import Any

import pytest
import z3

from pinmc.api import load_sizes
from pinmc.engines.smt.anysize.erase import family
from pinmc.engines.smt.anysize.model import Model
from pinmc.engines.smt.anysize.steps import Step
from pinmc.ir.evaluate import slot
from pinmc.ir.execute import assignments
from pinmc.ir.expr import Var
from pinmc.ir.semantics import Next, State, initial_outcomes, run_command, successors
from pinmc.ir.system import System
from pinmc.ir.types import Agent, Optional, Scalar, Scalarset, values

SPECS = {
    "lease_price.pin": (("Page",), {"PROTECT": "lease_range"}),
    "btrfs_delalloc.pin": (("Page",), {}),
    "lease_exclusive.pin": (("Page", "User"), {}),
    "btrfs_lease.pin": (("Page", "User"), {"LEASE": "required", "TRUNCATE": "fail"}),
    "layout_recall.pin": (("Client",), {"ORDER": "fence_first"}),
}
STATES = 6


class Fixed:
    """The model with exactly the members that ``system`` has."""

    def __init__(self, model: Model, system: System) -> None:
        self.model = model
        self.system = system
        self._members: dict[str, list[Any]] = {}
        self.facts: list[Any] = []

    def members(self, type_: Scalarset) -> list[Any]:
        if type_.name not in self._members:
            sort = self.model.sorts.of(Scalarset(type_.name, 0, type_.named, type_.uid))
            made = [z3.Const(f"{type_.name} {n}", sort) for n in range(type_.size)]
            self._members[type_.name] = made
            one = z3.Const("x", sort)
            self.facts.append(z3.ForAll([one], z3.Or(*(one == each for each in made))))
            if len(made) > 1:
                self.facts.append(z3.Distinct(*made))
            first = self.model.sorts.constant(0, Scalarset(type_.name, 0, type_.named, type_.uid))
            self.facts.append(first == made[0])
        return self._members[type_.name]

    def value(self, value: int, type_: Scalar) -> Any:
        sorts = self.model.sorts
        match type_:
            case Scalarset(name=name) if name in self.model.family.any_size:
                return self.members(type_)[value]
            case Optional(inner=Scalarset(name=name) as inner) if (
                name in self.model.family.any_size
            ):
                option = sorts.option(Scalarset(name, 0, inner.named, inner.uid))
                if value < 0:
                    return option.constructor(0)()
                return option.constructor(1)(self.members(inner)[value])
            case Agent() | Optional(inner=Agent()):
                if value < 0:
                    return sorts.agents.constructor(0)()
                who = self.system.agents[value]
                actor = next(a for a in self.system.actors if a.name == who.actor)
                args = [
                    self.value(arg, domain)
                    for arg, (_, domain) in zip(who.args, actor.params, strict=True)
                ]
                return sorts.agent(who.actor, args)
        return sorts.constant(value, type_)

    def cells(self, store: Mapping[str, Any], state: State) -> Iterator[Any]:
        """That every cell of ``store`` is as in ``state``."""
        for var in self.system.variables:
            for index in product(*(values(dim) for dim in var.dims)):
                yield self.cell(store, var, index) == self.value(state[slot(var, index)], var.type)

    def cell(self, store: Mapping[str, Any], var: Var, index: tuple[int, ...]) -> Any:
        at = [self.value(n, dim) for n, dim in zip(index, var.dims, strict=True)]
        return store[var.name](at)

    def leads(self, step: Step, before: list[Any], args: list[Any], after: State | None) -> None:
        """The step is possible, and leads to ``after``, if and only if there is such a state."""
        same = [p == a for p, a in zip(step.params, args, strict=True)]
        facts = [*before, *step.facts, *same]
        solver = z3.Solver(ctx=self.model.context)
        solver.add(*facts, *self.facts)
        possible = solver.check() == z3.sat
        if after is None:
            assert not possible or not step.exact, step.name
            return
        assert possible, step.name
        goal = z3.And(*self.cells(step.after, after))
        solver.add(*self.facts, z3.Not(goal))
        assert solver.check() == z3.unsat, step.name


def walked(system: System, dice: Random) -> list[State]:
    """Some reachable states, far from the beginning as well."""
    starts = [out.state for _, out in initial_outcomes(system) if isinstance(out, Next)]
    found = [starts[0]]
    while len(found) < 200:
        nexts = [out.state for _, out in successors(system, found[-1]) if isinstance(out, Next)]
        found.append(dice.choice(nexts) if nexts else starts[0])
    return dice.sample(found, STATES)


@pytest.mark.parametrize(
    "spec",
    [pytest.param(s, marks=pytest.mark.slow) if s.startswith("btrfs_lease") else s for s in SPECS],
)
def test_steps_are_those_of_the_definition(seed: int, spec: str) -> None:
    any_size, constants = SPECS[spec]
    _, _, samples = next(iter(load_sizes(f"specs/{spec}", any_size, constants=constants)))
    model = Model(family(samples, any_size))
    dice = Random(seed)
    for system in samples[1:4]:
        fixed = Fixed(model, system)
        for state in walked(system, dice)[: STATES // 2]:
            before = list(fixed.cells(model.now, state))
            for command, step in zip(system.commands, model.steps, strict=True):
                tried = list(assignments([p.domain for p in command.params]))
                for args in dice.sample(tried, min(2, len(tried))):
                    out = run_command(command, state, args)
                    given = [
                        fixed.value(arg, p.domain)
                        for arg, p in zip(args, command.params, strict=True)
                    ]
                    after = out.state if isinstance(out, Next) else None
                    fixed.leads(step, before, given, after)


@pytest.mark.parametrize("spec", SPECS)
def test_it_begins_as_the_definition_does(spec: str) -> None:
    any_size, constants = SPECS[spec]
    _, _, samples = next(iter(load_sizes(f"specs/{spec}", any_size, constants=constants)))
    model = Model(family(samples, any_size))
    for system in samples[:3]:
        fixed = Fixed(model, system)
        for args, out in initial_outcomes(system):
            given = [
                fixed.value(arg, p.domain)
                for arg, p in zip(args, system.initial.params, strict=True)
            ]
            fixed.leads(model.begin, [], given, out.state if isinstance(out, Next) else None)
