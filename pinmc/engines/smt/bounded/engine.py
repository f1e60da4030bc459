"""The bounded engine: shortest counterexamples by a solver; it never says that anything holds."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from pinmc.base.records import dataclass
from pinmc.engines.answers import NOT_YET, error_in_claim
from pinmc.engines.base import ExploreOptions
from pinmc.engines.intervals import Unsupported
from pinmc.engines.smt.bounded.search import Bounded
from pinmc.engines.watch import peak_memory_bytes
from pinmc.ir.evaluate import FoundError
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.semantics import Next, State, evaluate, finished, initial_states, step
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration, Finding, Statistics
from pinmc.results.schedule import Schedule

USUAL_DEPTH = 20


@dataclass(frozen=True, slots=True)
class BoundedEngine:
    """``depth``: up to here, unless the limits say otherwise."""

    depth: int = USUAL_DEPTH

    @property
    def name(self) -> str:
        return "bounded"

    def explore(self, system: System, options: ExploreOptions) -> Exploration:
        """What is violated or reached within the limit of depth; all else stays unknown."""
        began = perf_counter()
        names = options.properties
        chosen = tuple(p for p in system.properties if names is None or p.name in names)
        most = self.depth if options.limits.depth is None else options.limits.depth
        search = Bounded(system, chosen, replace(options.limits, depth=most))
        try:
            search.run()
        except Unsupported as problem:
            search.stopped = f"not for bounded model checking: {problem}"
        return Exploration(
            engine=self.name,
            findings=tuple(_finding(search, prop) for prop in chosen),
            statistics=Statistics(
                0, 0, max(search.depth, 0), perf_counter() - began, False, peak_memory_bytes()
            ),
            marks=frozenset(),
            witnesses=frozenset(),
            stopped=search.stopped or "only runs of a limited length were looked at",
            interrupted=search.interrupted,
        )


def _finding(search: Bounded, prop: Property) -> Finding:
    schedule = search.found.get(prop.name)
    if prop.kind is PropertyKind.TEMPORAL:
        return Finding(prop.name, Verdict.SKIPPED, NOT_YET)
    if schedule is not None:
        return _decided(search.system, prop, schedule)
    if prop.kind is PropertyKind.STUCK:
        reason = "it is about everything that can ever happen"
    else:
        reason = f"nothing in up to {search.depth} steps" if search.depth >= 0 else search.stopped
    return Finding(prop.name, Verdict.UNKNOWN, reason)


def _decided(system: System, prop: Property, schedule: Schedule) -> Finding:
    """The verdict and its reason, by the definition of the semantics."""
    states = _states(system, schedule)
    if prop.kind is PropertyKind.DEADLOCK:
        agents = tuple(
            a.number for a in system.agents if not finished(system, states[-1], a.number)
        )
        return Finding(prop.name, Verdict.VIOLATED, "", schedule, agents)
    if prop.expr is None:
        last = schedule.moves[-1]
        outcome = step(system, states[-1], last.command, last.args)
        reason = "" if isinstance(outcome, Next) else getattr(outcome, "site").text  # noqa: B009
        return Finding(prop.name, Verdict.VIOLATED, reason, schedule)
    after = states[-1] if prop.kind is PropertyKind.STEP_INVARIANT else None
    state = states[-2] if after is not None else states[-1]
    try:
        evaluate(system, prop.expr, state, None, after)
    except FoundError as error:
        return Finding(prop.name, Verdict.VIOLATED, error_in_claim(error.site.text), schedule)
    reached = prop.kind is PropertyKind.REACHABLE
    return Finding(prop.name, Verdict.REACHED if reached else Verdict.VIOLATED, "", schedule)


def _states(system: System, schedule: Schedule) -> list[State]:
    states = [initial_states(system)[0][schedule.initial]]
    for move in schedule.moves:
        outcome = step(system, states[-1], move.command, move.args)
        if isinstance(outcome, Next):
            states.append(outcome.state)
    return states
