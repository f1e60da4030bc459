"""Traces as graphs: states are nodes, steps are edges, every attribute is a scalar.

What a node is called says nothing; ``label`` is for drawings. Attributes of a node are the
variables by their names, and those in ``RESERVED``, which win: a variable of such a name is
called ``var.NAME``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pinmc.ir.property import PropertyKind

if TYPE_CHECKING:
    import networkx

    from pinmc.results.trace import Change, JsonValue, Step, Trace

RESERVED = frozenset({"id", "label", "initial", "violating", "goal", "error", "violated"})

Attribute = str | int | bool

_MOST_CHANGES = 4
_NOT_IN_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def path_graph(trace: Trace) -> networkx.MultiDiGraph[str]:
    """The trace as it is: ``s0``, ``s1``, … in its order; a found error ends in a node of its own.

    Nodes have ``initial``, ``violating`` (where a counterexample ends) and ``goal`` (where the
    witness of a ``reachable`` does). A state that occurs twice is one node.
    """
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(property=trace.property)
    if not trace.states:
        put(graph, "s0", error_attributes(trace.error) | {"initial": True})
        return graph
    names = path_names(trace)
    put(graph, names[0], state_attributes("initial", trace.initial) | {"initial": True})
    for step, before in zip(trace.steps, names, strict=False):
        if step.error:
            after = "error"
            put(graph, after, error_attributes(step.error))
        else:
            after = names[step.number]
            label = state_label(str(step.number), step.changes)
            put(graph, after, state_attributes(label, step.state))
        graph.add_edge(before, after, **step_attributes(step))
    if not trace.error:
        graph.nodes[names[-1]][end_mark(trace)] = True
    return graph


def put(graph: networkx.MultiDiGraph[str], node: str, attributes: Mapping[str, Attribute]) -> None:
    """Add a node unless it is there. (A variable may be called like a parameter of add_node.)"""
    if node not in graph:
        graph.add_node(node)
        graph.nodes[node].update(attributes)


def path_names(trace: Trace) -> list[str]:
    """The node of each state of the trace."""
    first: dict[tuple[int, ...], str] = {}
    return [first.setdefault(state, f"s{n}") for n, state in enumerate(trace.states)]


def end_mark(trace: Trace) -> str:
    """What the last state of the trace is: ``goal`` of a ``reachable``, else ``violating``."""
    kinds = {prop.name: prop.kind for prop in trace.system.properties}
    return "goal" if kinds.get(trace.property) is PropertyKind.REACHABLE else "violating"


# --- attributes --------------------------------------------------------------------------------


def state_attributes(label: str, state: Mapping[str, JsonValue]) -> dict[str, Attribute]:
    """A node's attributes, with all marks false."""
    found: dict[str, Attribute] = {}
    for name, value in state.items():
        for flat, scalar in _flattened(name, value):
            found[f"var.{flat}" if flat in RESERVED else flat] = scalar
    return found | {"label": clean(label), "initial": False, "violating": False, "goal": False}


def error_attributes(text: str) -> dict[str, Attribute]:
    """The attributes of the node that stands for a found error: no state is reached."""
    text = clean(text)
    return {
        "label": f"error: {text}",
        "error": text,
        "initial": False,
        "violating": True,
        "goal": False,
    }


def step_attributes(step: Step) -> dict[str, Attribute]:
    """An edge's attributes. ``arguments`` is ``p = Page0, write = true``."""
    return {
        "actor": clean(step.actor),
        "action": clean(step.action),
        "arguments": clean(", ".join(f"{name} = {value}" for name, value in step.arguments)),
        "file": clean(step.source.file),
        "line": step.source.line,
        "label": clean(f"{step.actor}: {step.shown}"),
    }


def state_label(title: str, changes: Iterable[Change]) -> str:
    """``title`` and the first few changes, a line each."""
    shown = [f"{change.name} = {change.after}" for change in changes]
    more = ["…"] if len(shown) > _MOST_CHANGES else []
    return "\n".join([title, *shown[:_MOST_CHANGES], *more])


def clean(text: str) -> str:
    """``text`` without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _flattened(name: str, value: JsonValue) -> Iterator[tuple[str, Attribute]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _flattened(f"{name}.{key}", inner)
        case bool() | int():
            yield name, value
        case _:
            yield name, clean(_text(value))


def _text(value: JsonValue) -> str:
    """A value within a list, or one that is no scalar, as text."""
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(_text(item) for item in value)}]"
        case dict():
            return f"({', '.join(f'{key} = {_text(item)}' for key, item in value.items())})"
        case _:
            return str(value)
