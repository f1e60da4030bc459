"""Graphs in Graphviz's language (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx

_MARKS = ("initial", "violating", "goal", "violated", "error")


def dot_text(graph: networkx.MultiDiGraph[str]) -> str:
    """The graph as a ``digraph``: marks as shapes and colours, the whole state as a tooltip."""
    return "\n".join(["digraph pinmc {", *_lines(graph), "}", ""])


def _lines(graph: networkx.MultiDiGraph[str]) -> Iterator[str]:
    yield '  graph [rankdir="TB"];'
    yield '  node [shape="box", style="rounded", fontname="monospace", fontsize="10"];'
    yield '  edge [fontname="monospace", fontsize="10"];'
    for node, data in graph.nodes(data=True):
        yield f"  {quoted(node)} {_attributes(_node(data))};"
    for tail, head, data in graph.edges(data=True):
        yield f"  {quoted(tail)} -> {quoted(head)} {_attributes(_edge(data))};"


def _node(data: Mapping[str, Any]) -> dict[str, str]:
    state = [f"{k} = {_value(v)}" for k, v in data.items() if k != "label" and k not in _MARKS]
    found = {"label": str(data["label"]), "tooltip": "\n".join(state) or str(data["label"])}
    if data.get("initial"):
        found["penwidth"] = "2"
    if data.get("goal"):
        found |= {"color": "darkgreen", "peripheries": "2"}
    if data.get("violating"):
        found |= {"color": "red", "peripheries": "2"}
    return found


def _edge(data: Mapping[str, Any]) -> dict[str, str]:
    found = {"label": str(data["label"]), "tooltip": f"{data['file']}:{data['line']}"}
    return found if data.get("on_path", True) else found | {"color": "gray50", "style": "dashed"}


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _attributes(attributes: Mapping[str, str]) -> str:
    return f"[{', '.join(f'{name}={quoted(value)}' for name, value in attributes.items())}]"


def quoted(text: str) -> str:
    """A double-quoted string: backslashes too are escaped, since Graphviz expands ``\\N`` and its
    like in labels."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
