"""Every shortest counterexample of a property, as one directed acyclic graph.

Breadth first to the known depth, keeping all steps between one level and the next, then cut back
to what leads to an end. The construction is that of all shortest paths in Brandes, "A faster
algorithm for betweenness centrality", 2001, section 3.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pinmc.base.records import dataclass
from pinmc.ir.property import Property
from pinmc.ir.semantics import Failed, Next, State, initial_outcomes
from pinmc.ir.system import System
from pinmc.reports.graph.moves import (
    ON_STATES,
    ON_STEPS,
    Taken,
    ends_in_state,
    ends_in_step,
    steps_from,
)
from pinmc.reports.graph.problem import GraphError
from pinmc.results.changes import diff, shown_state
from pinmc.results.graph import (
    end_mark,
    error_attributes,
    put,
    state_attributes,
    state_label,
)
from pinmc.results.trace import Trace

if TYPE_CHECKING:
    import networkx

LIMIT = 20_000
"""How many states are looked at before the search is given up."""


@dataclass(slots=True)
class _Search:
    """``levels[d]``: the states at distance d. ``into``: the steps that reach a state from the
    level before. ``last``: the steps that end a trace of a property of steps."""

    levels: list[list[State]]
    into: dict[State, list[Taken]] = field(default_factory=dict)
    last: list[Taken] = field(default_factory=list)


def shortest_graph(trace: Trace, limit: int = LIMIT) -> networkx.MultiDiGraph[str]:
    """All traces of ``trace``'s property that are as short as it is.

    Nodes are named in breadth-first order, ``s0``, …; a step that ends a trace leads to a node of
    its own, ``e0``, …, so that the graph has no cycle. Raises GraphError for a property that is
    not about states or steps, and beyond ``limit`` states.
    """
    import networkx

    prop = _property(trace)
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(property=prop.name)
    if not trace.states:
        _failed_starts(graph, trace)
        return graph
    search = _explored(trace.system, prop, len(trace), limit)
    if prop.kind in ON_STEPS:
        ends = [taken.before for taken in search.last]
    else:
        ends = [s for s in search.levels[-1] if ends_in_state(trace.system, prop, s)]
    names = _cut_back(graph, trace, search, ends)
    if prop.kind in ON_STEPS:
        _add_last(graph, trace.system, search, names)
    else:
        for state in ends:
            graph.nodes[names[state]][end_mark(trace)] = True
    return graph


def _property(trace: Trace) -> Property:
    prop = next(p for p in trace.system.properties if p.name == trace.property)
    if prop.kind not in (*ON_STATES, *ON_STEPS):
        raise GraphError(
            f"'{prop.name}' is about whole runs ({prop.kind.value}): all its shortest "
            "counterexamples cannot be drawn; use the view path or context"
        )
    return prop


def _failed_starts(graph: networkx.MultiDiGraph[str], trace: Trace) -> None:
    """The ways in which initialisation itself fails."""
    failed = [o for _, o in initial_outcomes(trace.system) if isinstance(o, Failed)]
    mine = [f for f in failed if f.site.claim == trace.property]
    for text in dict.fromkeys(failure.site.text for failure in mine):
        put(graph, f"s{len(graph)}", error_attributes(text) | {"initial": True})


def _explored(system: System, prop: Property, depth: int, limit: int) -> _Search:
    """The levels up to the traces' ends: for a property of steps, the level before them."""
    starts = (o.state for _, o in initial_outcomes(system) if isinstance(o, Next))
    first = list(dict.fromkeys(starts))
    search = _Search([first])
    seen = set(first)
    on_steps = prop.kind in ON_STEPS
    for _ in range(depth - 1 if on_steps else depth):
        search.levels.append(_level(system, search, seen, limit, prop.name))
    if on_steps:
        search.last = [
            taken
            for state in search.levels[-1]
            for taken in steps_from(system, state)
            if ends_in_step(system, prop, taken)
        ]
    return search


def _level(system: System, search: _Search, seen: set[State], limit: int, name: str) -> list[State]:
    """The states one step beyond the last level, and all steps to them."""
    found: dict[State, None] = {}
    for state in search.levels[-1]:
        for taken in steps_from(system, state):
            after = taken.after
            if after is None or after in seen:
                continue
            found.setdefault(after)
            search.into.setdefault(after, []).append(taken)
        if len(seen) + len(found) > limit:
            raise GraphError(
                f"there are more than {limit:,} states within reach of the shortest "
                f"counterexamples of '{name}'; use the view path or context, or smaller constants"
            )
    seen.update(found)
    return list(found)


def _cut_back(
    graph: networkx.MultiDiGraph[str], trace: Trace, search: _Search, ends: list[State]
) -> dict[State, str]:
    """Adds the states and steps from which an end is reached; their nodes' names."""
    kept = set(ends)
    for level in reversed(search.levels):
        for state in level:
            if state in kept:
                kept.update(taken.before for taken in search.into.get(state, ()))
    ordered = [state for level in search.levels for state in level if state in kept]
    names = {state: f"s{number}" for number, state in enumerate(ordered)}
    for state in ordered:
        _add_state(graph, trace.system, search, state, names)
    return names


def _add_state(
    graph: networkx.MultiDiGraph[str],
    system: System,
    search: _Search,
    state: State,
    names: dict[State, str],
) -> None:
    """A node and the steps into it; labelled with what the first of them changes."""
    steps = search.into.get(state, [])
    label = "initial" if not steps else _label(system, steps[0], names[state][1:])
    attributes = state_attributes(label, shown_state(system, state))
    put(graph, names[state], attributes | {"initial": not steps})
    for taken in steps:
        graph.add_edge(names[taken.before], names[state], **taken.edge(system))


def _label(system: System, taken: Taken, title: str) -> str:
    assert taken.after is not None
    return state_label(title, diff(system, taken.before, taken.after))


def _add_last(
    graph: networkx.MultiDiGraph[str], system: System, search: _Search, names: dict[State, str]
) -> None:
    """The steps that end the traces, each distinct end once."""
    ends: dict[object, str] = {}
    for taken in search.last:
        after = taken.after
        key = taken.failure()["error"] if after is None else after
        node = ends.setdefault(key, f"e{len(ends)}")
        if after is None:
            put(graph, node, taken.failure())
        else:
            attributes = state_attributes(_label(system, taken, "end"), shown_state(system, after))
            put(graph, node, attributes | {"violating": True})
        graph.add_edge(names[taken.before], node, **taken.edge(system))
