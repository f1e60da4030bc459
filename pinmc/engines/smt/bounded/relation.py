"""The step relation of a System between two states, once; each depth has a copy of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import z3

from pinmc.base.records import dataclass
from pinmc.engines.intervals import Unsupported
from pinmc.engines.smt.bounded.steps import Instance, instance, number_is
from pinmc.engines.smt.bounded.values import Scope, condition
from pinmc.engines.smt.bounded.words import Num, compare, constant, variable, width_of
from pinmc.ir.evaluate import cells, slot
from pinmc.ir.execute import assignments
from pinmc.ir.expr import BinOp, ErrorSite, Expr
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import System
from pinmc.ir.types import bounds, size

_MOST_INSTANCES = 4000


def state_of(system: System, name: str) -> list[Num]:
    """An unknown for each slot, called ``name`` and its number."""
    found = [constant(0)] * system.slots
    for var in system.variables:
        lo, hi = bounds(var.type)
        for at in range(var.offset, var.offset + cells(var)):
            found[at] = variable(f"{name}{at}", lo, hi)
    return found


def terms_of(state: Sequence[Num]) -> list[Any]:
    """The terms of what is not known."""
    return [num.term for num in state if num.term is not None]


@dataclass(frozen=True, slots=True)
class Relation:
    """``before`` and ``after``: the unknowns that the terms are over, and ``choice``, which tells
    the instance that moves. ``step``: the instance is enabled and leads from one to the other.
    ``bad``: by property, when it is decided in ``before``, or (a step invariant) in the step."""

    system: System
    instances: tuple[Instance, ...]
    before: list[Num]
    after: list[Num]
    choice: Any
    step: Any
    bad: dict[str, Any]


def relation(system: System, properties: Sequence[Property]) -> Relation:
    """Raises Unsupported."""
    before, after = state_of(system, "s"), state_of(system, "t")
    instances = _instances(system, before)
    width = max(1, len(instances).bit_length())
    choice = z3.BitVec("move", width)
    enabled = [z3.Implies(choice == number, one.done) for number, one in enumerate(instances)]
    known = z3.ULT(choice, z3.BitVecVal(len(instances), width))
    frame = [_next(at, before, after, instances, choice) for at in range(system.slots)]
    bad = {p.name: _bad(system, p, before, after, instances) for p in properties}
    return Relation(
        system,
        tuple(instances),
        before,
        after,
        choice,
        z3.And(known, *enabled, *frame),
        {name: term for name, term in bad.items() if term is not None},
    )


def _instances(system: System, state: list[Num]) -> list[Instance]:
    count = 0
    for command in system.commands:
        total = 1
        for param in command.params:
            total *= size(param.domain)
        count += total
    if count > _MOST_INSTANCES:
        raise Unsupported(f"{count} command instances, more than {_MOST_INSTANCES}")
    found = (
        instance(number, command, args, state)
        for number, command in enumerate(system.commands)
        for args in assignments([param.domain for param in command.params])
    )
    return [one for one in found if not z3.is_false(one.done) or one.failed]


def _next(
    at: int, before: list[Num], after: list[Num], instances: list[Instance], choice: Any
) -> Any:
    """What a slot is after the step."""
    if after[at].known is not None:
        return z3.BoolVal(True)
    width = max([after[at].term.size(), *(_width(one, at) for one in instances)])
    new = before[at].at(width)
    for number, one in enumerate(instances):
        if at in one.written:
            new = z3.If(choice == number, one.written[at].at(width), new)
    return after[at].at(width) == new


def _width(one: Instance, at: int) -> int:
    new = one.written.get(at)
    return 1 if new is None else width_of(new.lo, new.hi)


def _bad(
    system: System,
    prop: Property,
    before: list[Num],
    after: list[Num],
    instances: list[Instance],
) -> Any:
    match prop.kind:
        case PropertyKind.ERRORS | PropertyKind.ASSERT:
            return z3.Or([one.failed[prop.name] for one in instances if prop.name in one.failed])
        case PropertyKind.DEADLOCK:
            moving = z3.Or([one.enabled for one in instances])
            return z3.And(z3.Not(moving), _somebody_is_unfinished(system, before))
        case PropertyKind.STUCK | PropertyKind.TEMPORAL:
            return None
        case _:
            assert prop.expr is not None
            return decided(prop.expr, before, after, prop.kind is PropertyKind.REACHABLE)


def decided(expr: Expr, before: list[Num], after: list[Num], wanted: bool) -> Any:
    """When ``expr`` is ``wanted``, or evaluating it is an error."""
    errors: list[Any] = []

    def fail(site: ErrorSite, when: Any) -> None:
        errors.append(when)

    holds = condition(expr, Scope(before, (), after, {}, fail))
    return z3.Or(holds if wanted else z3.Not(holds), *errors)


def _somebody_is_unfinished(system: System, state: list[Num]) -> Any:
    actors = {actor.name: actor for actor in system.actors}
    unfinished = []
    for agent in system.agents:
        actor = actors[agent.actor]
        here = state[slot(actor.counter, agent.args)]
        unfinished += [number_is(here, p.index) for p in actor.places if not p.end]
    return z3.Or(unfinished)


def equals(state: Sequence[Num], values: Sequence[int]) -> Any:
    """The state has these values."""
    pairs = zip(state, values, strict=True)
    return z3.And([compare(BinOp.EQ, num, constant(value)) for num, value in pairs])
