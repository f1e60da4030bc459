"""A counterexample to induction in the words of the specification: data for reports.

It is no counterexample to the property: nothing is known about how its state could be reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pinmc.base.records import dataclass
from pinmc.ir.expr import Expr
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.semantics import Failed, Next, State, successors
from pinmc.ir.system import System
from pinmc.ir.types import size
from pinmc.results.changes import agent_name, parts, place_name, text, view_cells
from pinmc.results.replay import make_step
from pinmc.results.schedule import Move
from pinmc.results.spelling import spelled
from pinmc.results.trace import Change, Step

Where = Literal["safety", "step", "init"]

_MOST_INSTANCES = 200_000
"""Of more steps than these, the one between two states is not looked for."""


@dataclass(frozen=True, slots=True)
class Cells:
    """``values``: what has a name and a value, by name; ``places``: where each actor instance is.
    Locals that have no value yet are left out."""

    values: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class InductionGap:
    """A state where an induction fails: the property fails there (``safety``), or a step leads to
    where it does or a lemma does (``step``), or it is an initial state (``init``).

    ``reachable``: the state was reached by exploration; if not, it may be so or not. ``step`` is
    the one from there, if it is about one that the definition of steps knows, and ``moved`` where
    it takes actors. ``claim``: the property itself fails; ``lost``: the lemmas that do.
    """

    where: Where
    reachable: bool
    state: Cells
    step: Step | None
    moved: tuple[Change, ...]
    claim: bool
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a proof engine has found, as states and expressions; ``after`` is the state after the
    step, if there is one."""

    where: Where
    reachable: bool
    state: State
    after: State | None
    claim: bool
    lost: tuple[Expr, ...]


def gap_of(system: System, prop: Property, found: Found) -> InductionGap:
    """The same in the words of the specification."""
    step, after = _step(system, prop, found)
    return InductionGap(
        found.where,
        found.reachable,
        _cells(system, found.state),
        step,
        tuple(_moved(system, found.state, after)),
        found.claim,
        tuple(spelled(system, expr).text for expr in found.lost),
    )


def _cells(system: System, state: State) -> Cells:
    shown = [
        (part.name, text(system, part, state), part.owner is not None)
        for _, _, cell in view_cells(system)
        for part in parts(cell)
    ]
    values = tuple((name, value) for name, value, local in shown if not (local and value == "none"))
    return Cells(values, tuple(_places(system, state)))


def _places(system: System, state: State) -> Iterator[tuple[str, str]]:
    for agent in system.agents:
        yield agent_name(system, agent.number), place_name(system, agent, state)


def _moved(system: System, before: State, after: State) -> Iterator[Change]:
    places = zip(_places(system, before), _places(system, after), strict=True)
    for (name, here), (_, there) in places:
        if here != there:
            yield Change(name, here, there)


def _step(system: System, prop: Property, found: Found) -> tuple[Step | None, State]:
    """The first command instance that leads from the state to the one after it, or that is the
    found error that the property is about; and the state that it leads to."""
    failing = found.where == "safety" and prop.kind in (PropertyKind.ERRORS, PropertyKind.ASSERT)
    if (found.after is not None or failing) and _instances(system) <= _MOST_INSTANCES:
        for (command, args), outcome in successors(system, found.state):
            match outcome:
                case Next(state=state) if state == found.after:
                    pass
                case Failed(site=site) if failing and site.claim == prop.name:
                    pass
                case _:
                    continue
            step = make_step(system, 1, Move(command, args), found.state, outcome)
            return step, outcome.state if isinstance(outcome, Next) else found.state
    return None, found.state if found.after is None else found.after


def _instances(system: System) -> int:
    total = 0
    for command in system.commands:
        count = 1
        for param in command.params:
            count *= size(param.domain)
        total += count
    return total
