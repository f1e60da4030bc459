"""The ways to look at a trace as a graph, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pinmc.base.records import dataclass
from pinmc.reports.graph.context import context_graph
from pinmc.reports.graph.problem import GraphError
from pinmc.reports.graph.shortest import shortest_graph
from pinmc.results.graph import path_graph
from pinmc.results.trace import Trace

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, slots=True)
class View:
    """``summary`` is for ``--help``."""

    graph: Callable[[Trace], networkx.MultiDiGraph[str]]
    summary: str


VIEWS = {
    "path": View(path_graph, "the trace itself"),
    "context": View(context_graph, "and every alternative that was enabled on the way"),
    "all-shortest": View(shortest_graph, "every shortest counterexample in one graph"),
}


def trace_graph(trace: Trace, view: str) -> networkx.MultiDiGraph[str]:
    """The trace in the view called ``view``. Raises GraphError."""
    if view not in VIEWS:
        raise GraphError(f"there is no view '{view}'; there are: {', '.join(VIEWS)}")
    return VIEWS[view].graph(trace)
