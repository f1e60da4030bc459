"""The trace, and what else could have happened on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinmc.ir.semantics import State
from pinmc.reports.graph.moves import Taken, steps_from
from pinmc.results.changes import diff, shown_state
from pinmc.results.graph import path_graph, path_names, put, state_attributes, state_label
from pinmc.results.trace import Trace

if TYPE_CHECKING:
    import networkx


def context_graph(trace: Trace) -> networkx.MultiDiGraph[str]:
    """``path_graph`` with every alternative step that was enabled before one of the trace's.

    Edges have ``on_path``. States that are not on the trace are ``a0``, ``a1``, …; an alternative
    that is a found error ends in a node ``e0``, ``e1``, ….
    """
    graph = path_graph(trace)
    for _, _, data in graph.edges(data=True):
        data["on_path"] = True
    known = dict(zip(trace.states, path_names(trace), strict=True))
    for state, move in zip(trace.states, trace.schedule.moves, strict=False):
        for taken in steps_from(trace.system, state):
            if taken.move != (move.command, move.args):
                _add(graph, trace, taken, known)
    return graph


def _add(
    graph: networkx.MultiDiGraph[str], trace: Trace, taken: Taken, known: dict[State, str]
) -> None:
    """An alternative and the state it would have led to."""
    system, after = trace.system, taken.after
    if after is None:
        node = f"e{sum(str(name).startswith('e') for name in graph)}"
        put(graph, node, taken.failure())
    else:
        node = known.setdefault(after, f"a{len(known)}")
        label = state_label("instead", diff(system, taken.before, after))
        put(graph, node, state_attributes(label, shown_state(system, after)))
    graph.add_edge(known[taken.before], node, **taken.edge(system), on_path=False)
