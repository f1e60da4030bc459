"""What a graph needs of the semantics: initial states, steps told, properties decided."""

from __future__ import annotations

from collections.abc import Iterator

from pinmc.base.records import dataclass
from pinmc.ir.evaluate import FoundError
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.semantics import Failed, Next, State, Step, enabled, evaluate, finished, successors
from pinmc.ir.system import System
from pinmc.results.graph import Attribute, error_attributes, step_attributes
from pinmc.results.replay import make_step
from pinmc.results.schedule import Move

ON_STATES = (
    PropertyKind.INVARIANT,
    PropertyKind.LEMMA,
    PropertyKind.REACHABLE,
    PropertyKind.DEADLOCK,
)
ON_STEPS = (PropertyKind.STEP_INVARIANT, PropertyKind.ERRORS, PropertyKind.ASSERT)


@dataclass(frozen=True, slots=True)
class Taken:
    """One step from ``before``: ``after`` is None when it is a found error."""

    before: State
    move: Step
    outcome: Next | Failed

    @property
    def after(self) -> State | None:
        return self.outcome.state if isinstance(self.outcome, Next) else None

    def edge(self, system: System) -> dict[str, Attribute]:
        """The attributes of the step's edge."""
        number, args = self.move
        return step_attributes(make_step(system, 1, Move(number, args), self.before, self.outcome))

    def failure(self) -> dict[str, Attribute]:
        """The attributes of the node that a found error ends in."""
        assert isinstance(self.outcome, Failed)
        return error_attributes(self.outcome.site.text)


def steps_from(system: System, state: State) -> Iterator[Taken]:
    """Every step that is enabled in ``state``, in the order of the search."""
    for move, outcome in successors(system, state):
        yield Taken(state, move, outcome)


def ends_in_state(system: System, prop: Property, state: State) -> bool:
    """Whether a trace of a property of states may end here."""
    if prop.kind is PropertyKind.DEADLOCK:
        return is_deadlock(system, state)
    return prop.expr is not None and prop.kind in ON_STATES and _decides(system, prop, state)


def ends_in_step(system: System, prop: Property, taken: Taken) -> bool:
    """Whether a trace of a property of steps may end with this one."""
    if isinstance(taken.outcome, Failed):
        wanted = prop.kind in (PropertyKind.ERRORS, PropertyKind.ASSERT)
        return wanted and taken.outcome.site.claim == prop.name
    if prop.kind is not PropertyKind.STEP_INVARIANT:
        return False
    return _decides(system, prop, taken.before, taken.outcome.state)


def is_deadlock(system: System, state: State) -> bool:
    """Nobody can move, not even into an error, and somebody is not at an end."""
    if next(enabled(system, state), None) is not None:
        return False
    return not all(finished(system, state, agent.number) for agent in system.agents)


def _decides(system: System, prop: Property, state: State, primed: State | None = None) -> bool:
    """Whether the claim is false, or a goal true; one that cannot be evaluated is decided too."""
    assert prop.expr is not None
    try:
        value = bool(evaluate(system, prop.expr, state, None, primed))
    except FoundError:
        return True
    return value is (prop.kind is PropertyKind.REACHABLE)
