"""All that is asked about what one design costs."""

from __future__ import annotations

from collections.abc import Callable

from pinmc.base.records import dataclass
from pinmc.engines.base import Limits, Progress
from pinmc.engines.costs.answers import Answers
from pinmc.engines.costs.graph import TooMuch, cost_graph
from pinmc.ir.property import Property, PropertyKind
from pinmc.ir.system import System
from pinmc.results.costs import CostReport


@dataclass(frozen=True, slots=True)
class Question:
    """``costs``: which to count. ``goals``: names of ``reachable`` properties. ``per``: what the
    costs of loops are compared with, names of costs. ``limits``: ``states`` is heeded here."""

    costs: tuple[str, ...]
    goals: tuple[str, ...]
    per: tuple[str, ...]
    limits: Limits


def survey(
    system: System, question: Question, progress: Callable[[Progress], None] | None = None
) -> CostReport:
    """The answers; without any, and with the reason, when the space could not be had whole.

    Raises ReplayError, which is our mistake.
    """
    names = tuple(dict.fromkeys((*question.costs, *question.per)))
    try:
        graph = cost_graph(system, names, question.limits, progress)
    except TooMuch as reason:
        return CostReport(system, 0, (), (), str(reason))
    answers = Answers(graph)
    by_name = {prop.name: prop for prop in goals_of(system)}
    asked = [(cost, by_name[goal]) for goal in question.goals for cost in question.costs]
    pairs = [(cost, per) for per in question.per for cost in question.costs if cost != per]
    return CostReport(
        system,
        graph.count,
        tuple(answers.goal(cost, goal) for cost, goal in asked),
        tuple(answers.loops(cost, per) for cost, per in pairs),
    )


def goals_of(system: System) -> tuple[Property, ...]:
    """What a cost can be counted until."""
    return tuple(p for p in system.properties if p.kind is PropertyKind.REACHABLE)
