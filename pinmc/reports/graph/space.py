"""The whole state space, while it is small enough to be looked at."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from pinmc.ir.property import PropertyKind
from pinmc.ir.semantics import State, initial_states
from pinmc.ir.system import System
from pinmc.reports.graph.moves import Taken, ends_in_state, steps_from
from pinmc.reports.graph.problem import GraphError
from pinmc.results.changes import diff, shown_state
from pinmc.results.graph import (
    Attribute,
    error_attributes,
    put,
    state_attributes,
    state_label,
)

if TYPE_CHECKING:
    import networkx

LIMIT = 500
"""How many states a drawing may have before it says nothing to anybody."""


def space_graph(system: System, limit: int = LIMIT) -> networkx.MultiDiGraph[str]:
    """Every reachable state and every step, ``s0``, ``s1``, … breadth first; a found error is a
    node ``e0``, …. ``violated`` names the claims that a state violates, ``deadlock`` included.

    Raises GraphError when there are more than ``limit`` states.
    """
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(system=system.name)
    starts, errors = initial_states(system)
    names: dict[State, str] = {}
    waiting: deque[State] = deque()
    for failed in errors:
        put(graph, f"e{len(graph)}", error_attributes(failed.site.text) | {"initial": True})
    for state in starts:
        names[state] = f"s{len(names)}"
        put(graph, names[state], _attributes(system, state, "initial") | {"initial": True})
        waiting.append(state)
    while waiting:
        for taken in steps_from(system, waiting.popleft()):
            _add(graph, system, taken, names, waiting)
            if len(names) > limit:
                raise GraphError(
                    f"the state space has more than {limit:,} states; choose smaller constants, "
                    "or look at one trace: pinmc check SPEC --graph FILE"
                )
    return graph


def _add(
    graph: networkx.MultiDiGraph[str],
    system: System,
    taken: Taken,
    names: dict[State, str],
    waiting: deque[State],
) -> None:
    """A step, and the state it reaches if that is new."""
    after = taken.after
    if after is None:
        node = f"e{len(graph) - len(names)}"
        put(graph, node, taken.failure())
    else:
        if after not in names:
            names[after] = f"s{len(names)}"
            waiting.append(after)
            label = state_label(names[after][1:], diff(system, taken.before, after))
            put(graph, names[after], _attributes(system, after, label))
        node = names[after]
    graph.add_edge(names[taken.before], node, **taken.edge(system))


def _attributes(system: System, state: State, label: str) -> dict[str, Attribute]:
    """A node's attributes with its marks."""
    ended = [p for p in system.properties if ends_in_state(system, p, state)]
    violated = [p.name for p in ended if p.kind is not PropertyKind.REACHABLE]
    marks: dict[str, Attribute] = {
        "violating": bool(violated),
        "violated": ", ".join(violated),
        "goal": len(violated) < len(ended),
    }
    return state_attributes(label, shown_state(system, state)) | marks
