"""Graphs in files: the suffix says how."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pinmc.base.files import replace_file
from pinmc.reports.graph.dot import dot_text
from pinmc.reports.graph.problem import GraphError

if TYPE_CHECKING:
    import networkx

_DRAWING_SECONDS = 120


def write_graph(graph: networkx.MultiDiGraph[str], path: str | os.PathLike[str]) -> None:
    """Replace ``path`` by the graph in the format of its suffix, whole or not at all.

    Raises GraphError: unknown suffix, Graphviz missing or failing, the file cannot be written.
    """
    target = Path(path)
    content = writer(target)(graph)
    try:
        replace_file(target, content)
    except OSError as problem:
        raise GraphError(f"cannot write {target}: {problem.strerror or problem}") from problem


def writer(path: str | os.PathLike[str]) -> Callable[[networkx.MultiDiGraph[str]], bytes]:
    """What makes the content of ``path``. GraphError for an unknown suffix, so that it can be
    known before the work is done."""
    suffix = Path(path).suffix.lower()
    if suffix not in _WRITERS:
        known = ", ".join(_WRITERS)
        what = f"does not know '{suffix}'" if suffix else "needs a suffix"
        raise GraphError(f"'{path}': a graph {what}; the suffix is one of {known}")
    return _WRITERS[suffix]


def _graphml(graph: networkx.MultiDiGraph[str]) -> bytes:
    import networkx

    out = io.BytesIO()
    networkx.write_graphml_xml(graph, out, prettyprint=True)
    return out.getvalue()


def _dot(graph: networkx.MultiDiGraph[str]) -> bytes:
    return dot_text(graph).encode()


def _json(graph: networkx.MultiDiGraph[str]) -> bytes:
    import networkx

    data = networkx.node_link_data(graph, edges="edges")
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def _svg(graph: networkx.MultiDiGraph[str]) -> bytes:
    """What Graphviz's ``dot`` draws."""
    program = shutil.which("dot")
    if program is None:
        raise GraphError(
            "drawing .svg needs Graphviz, and there is no 'dot' on the PATH; install it "
            "(package graphviz), or write .dot and draw elsewhere"
        )
    try:
        drawn = subprocess.run(
            [program, "-Tsvg"], input=_dot(graph), capture_output=True, timeout=_DRAWING_SECONDS
        )
    except subprocess.TimeoutExpired as problem:
        raise GraphError(
            f"Graphviz has not drawn {len(graph)} states in {_DRAWING_SECONDS} s; write .dot "
            "or .graphml and draw elsewhere"
        ) from problem
    if drawn.returncode:
        why = drawn.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise GraphError(f"Graphviz failed: {why[0]}")
    return drawn.stdout


_WRITERS = {".graphml": _graphml, ".dot": _dot, ".json": _json, ".svg": _svg}
