"""Why a property fails at the end of its trace."""

from __future__ import annotations

from itertools import product

from pinmc.ir.evaluate import FoundError, slot
from pinmc.ir.expr import Expr, Read, Var, type_of
from pinmc.ir.property import Clause, Property, PropertyKind
from pinmc.ir.semantics import State, evaluate
from pinmc.ir.system import Agent, System
from pinmc.ir.types import values
from pinmc.ir.walk import subexpressions
from pinmc.results.cells import covers
from pinmc.results.changes import Viewer
from pinmc.results.replay import source_of
from pinmc.results.result import Explanation, FailedClause, LastWrite
from pinmc.results.trace import Trace
from pinmc.results.waits import blocked_agents, wait_cycle

_MOST_TERMS = 12


def explain(
    viewer: Viewer, prop: Property, trace: Trace, agents: tuple[int, ...]
) -> Explanation | None:
    """What to say about a violated property beyond its trace; None where the trace says it all."""
    if prop.kind in (PropertyKind.DEADLOCK, PropertyKind.STUCK):
        return _waiting(viewer, trace, agents)
    if prop.kind in (PropertyKind.INVARIANT, PropertyKind.LEMMA):
        return _clause(viewer, prop, trace, trace.states[-1], None)
    if prop.kind is PropertyKind.STEP_INVARIANT and len(trace.states) > 1:
        return _clause(viewer, prop, trace, trace.states[-2], trace.states[-1])
    return None


# --- claims ------------------------------------------------------------------------------------


def _clause(
    viewer: Viewer, prop: Property, trace: Trace, state: State, primed: State | None
) -> Explanation | None:
    for clause in prop.clauses:
        env = _failing(viewer.system, clause, state, primed)
        if env is not None:
            failed = _failed(viewer, clause, env, state, primed)
            return Explanation(failed, _last_writes(viewer, clause, env, trace, state))
    return None


def _failing(
    system: System, clause: Clause, state: State, primed: State | None
) -> dict[str, int] | None:
    """Values of the clause's names for which it is false or cannot be evaluated."""
    names = [name for name, _ in clause.binders]
    for point in product(*(values(domain) for _, domain in clause.binders)):
        env = dict(zip(names, point, strict=True))
        if not _value(system, clause.expr, state, env, primed):
            return env
    return None


def _value(
    system: System, expr: Expr, state: State, env: dict[str, int], primed: State | None
) -> int | None:
    try:
        return evaluate(system, expr, state, env, primed)
    except FoundError:
        return None


def _failed(
    viewer: Viewer, clause: Clause, env: dict[str, int], state: State, primed: State | None
) -> FailedClause:
    binders = tuple((n, viewer.scalar(t, env[n]).text) for n, t in clause.binders)
    terms: list[tuple[str, str]] = []
    for term in clause.terms[:_MOST_TERMS]:
        value = _value(viewer.system, term.expr, state, env, primed)
        if value is not None:
            terms.append((term.text, viewer.scalar(type_of(term.expr), value).text))
    text = " ".join(clause.span.text.split())
    return FailedClause(source_of(clause.span), text, binders, tuple(terms))


def _last_writes(
    viewer: Viewer, clause: Clause, env: dict[str, int], trace: Trace, state: State
) -> tuple[LastWrite, ...]:
    """For every cell the clause's terms look at, the step that changed it last."""
    found: dict[str, LastWrite] = {}
    for term in clause.terms[:_MOST_TERMS]:
        for node in subexpressions(term.expr):
            if isinstance(node, Read):
                where = _slot(viewer.system, node, state, env)
                if where is not None:
                    for name, write in _writers(viewer, node.var, where, trace):
                        found.setdefault(name, write)
    return tuple(found.values())


def _slot(system: System, read: Read, state: State, env: dict[str, int]) -> int | None:
    index = [_value(system, i, state, env, None) for i in read.index]
    if any(i is None for i in index):
        return None
    try:
        return slot(read.var, [i for i in index if i is not None])
    except (IndexError, KeyError):
        return None


def _writers(viewer: Viewer, var: Var, where: int, trace: Trace) -> list[tuple[str, LastWrite]]:
    """Who wrote slot ``where`` last, under the name reports use for it."""
    name = _cell_name(viewer, var, where)
    if name is None:
        return []
    wrote = 0
    for number in range(1, len(trace.states)):
        if trace.states[number][where] != trace.states[number - 1][where]:
            wrote = number
    state = trace.states[-1]
    cell = next(c for c in viewer.cells if c.name == name)
    value = viewer.show(cell, state).text
    if wrote == 0:
        return [(name, LastWrite(name, value, 0, "", ""))]
    step = trace.steps[wrote - 1]
    return [(name, LastWrite(name, value, wrote, step.actor, step.action))]


def _cell_name(viewer: Viewer, var: Var, where: int) -> str | None:
    return next((c.name for c in viewer.cells if covers(c, var, where)), None)


# --- waiting -----------------------------------------------------------------------------------


def _waiting(viewer: Viewer, trace: Trace, agents: tuple[int, ...]) -> Explanation | None:
    state = trace.states[-1]
    chosen: list[Agent] = [viewer.system.agents[a] for a in agents]
    blocked = blocked_agents(viewer, state, chosen)
    return Explanation(blocked=tuple(blocked), cycle=wait_cycle(viewer, state))
