"""A run to a state: the shortest that can be found, by exploration or by a solver."""

from __future__ import annotations

from dataclasses import replace

from pinmc.base.source import NOWHERE
from pinmc.engines.auto import AutoEngine
from pinmc.engines.base import Engine, ExploreOptions, Limits
from pinmc.engines.smt.bounded.engine import BoundedEngine
from pinmc.engines.smt.bounds.question import conjunction
from pinmc.ir.evaluate import slot
from pinmc.ir.execute import assignments
from pinmc.ir.expr import Binary, BinOp, Const, Expr, Read, Unary, UnOp
from pinmc.ir.property import Property, PropertyKind, Verdict
from pinmc.ir.semantics import State
from pinmc.ir.system import System
from pinmc.results.exploration import Exploration
from pinmc.results.judge import combine, judge_design
from pinmc.results.result import Result

_STATES = 5_000_000
_DEPTH = 40


def witness(
    system: System, name: str, goal: Expr, state: State | None, seconds: float
) -> Result | None:
    """A result with one property called ``name``, which is reached, and its trace, replayed on the
    reference semantics; None if no run was found. Half of the time goes to each engine.

    ``state``: one in which ``goal`` holds and that is to be reached, if one is known already; then
    nothing else is evaluated on the way, where it might fail. Raises KeyboardInterrupt.
    """
    wanted = Property(name, PropertyKind.REACHABLE, NOWHERE, goal)
    target = goal if state is None else _is(system, state)
    # As an invariant, so that the search can end where it is first broken.
    barred = replace(wanted, kind=PropertyKind.INVARIANT, expr=Unary(UnOp.NOT, target))
    searched = replace(system, properties=(barred,), expectations=(), witnesses=())
    attempts: tuple[tuple[Engine, Limits], ...] = (
        (AutoEngine(), Limits(states=_STATES, timeout=seconds / 2)),
        (BoundedEngine(), Limits(depth=_DEPTH, timeout=seconds / 2)),
    )
    for engine, limits in attempts:
        found = engine.explore(searched, ExploreOptions(limits, first=True))
        if found.interrupted:
            raise KeyboardInterrupt
        if found.findings[0].verdict is Verdict.VIOLATED and not found.findings[0].reason:
            return _shown(replace(searched, properties=(wanted,)), found)
        if found.statistics.complete:
            return None
    return None


def counterexample(system: System, name: str, seconds: float) -> Result | None:
    """The same for a property of the system, which is violated."""
    prop = next(p for p in system.properties if p.name == name)
    one = replace(system, properties=(prop,), expectations=(), witnesses=())
    for engine, limits in (
        (AutoEngine(), Limits(states=_STATES, timeout=seconds / 2)),
        (BoundedEngine(), Limits(depth=_DEPTH, timeout=seconds / 2)),
    ):
        found = engine.explore(one, ExploreOptions(limits, first=True))
        if found.interrupted:
            raise KeyboardInterrupt
        if found.findings[0].schedule is not None:
            return combine(system.path, [judge_design(one, found)], judge_vacuity=False)
    return None


def _is(system: System, state: State) -> Expr:
    """That the state is this one."""
    return conjunction(
        Binary(
            BinOp.EQ,
            Read(var, tuple(Const(i, d) for i, d in zip(index, var.dims, strict=True))),
            Const(state[slot(var, index)], var.type),
        )
        for var in system.variables
        for index in assignments(var.dims)
    )


def _shown(system: System, found: Exploration) -> Result:
    (finding,) = found.findings
    reached = replace(found, findings=(replace(finding, verdict=Verdict.REACHED),))
    return combine(system.path, [judge_design(system, reached)], judge_vacuity=False)
