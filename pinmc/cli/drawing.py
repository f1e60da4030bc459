"""Choosing the trace that ``check --graph`` draws."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from pinmc.reports.base import is_broken
from pinmc.reports.graph.problem import GraphError
from pinmc.reports.graph.views import trace_graph
from pinmc.reports.graph.write import write_graph, writer
from pinmc.results.result import PropertyResult, Result
from pinmc.results.trace import Trace


def refuse_suffix(file: Path) -> None:
    """A usage error, before any work is done, for a file that no writer is for."""
    try:
        writer(file)
    except GraphError as problem:
        raise click.UsageError(f"{problem} [PIN404]") from problem


def draw_trace(result: Result, file: Path, view: str, name: str | None) -> str:
    """Write the graph of one trace; what it is of. A click exception when there is none."""
    trace, design = chosen_trace(result, name)
    try:
        write_graph(trace_graph(trace, view), file)
    except GraphError as problem:
        raise click.ClickException(f"{problem} [PIN404]") from problem
    return f"{trace.property}, {f'design {design}' if design else 'default design'}"


def chosen_trace(result: Result, name: str | None) -> tuple[Trace, str]:
    """The trace of property ``name``, or the one most worth a look: a counterexample nobody
    expected, any counterexample, any witness; the default design first. And its design's label."""
    found = [
        (prop, prop.trace, design.label)
        for design in result.designs
        for prop in design.properties
        if prop.trace is not None and name in (None, prop.name)
    ]
    if not found:
        raise click.ClickException(f"{_nothing(result, name)} [PIN404]")
    _, trace, label = min(found, key=lambda each: _dullness(each[0]))
    return trace, label


def _dullness(found: PropertyResult) -> int:
    if found.as_expected is False:
        return 0
    return 1 if is_broken(found) else 2


def _nothing(result: Result, name: str | None) -> str:
    with_trace = sorted(set(_with_trace(result)))
    if name is None:
        return "there is no trace to draw: nothing is violated or reached"
    has = f"; there are traces of: {', '.join(with_trace)}" if with_trace else ""
    return f"there is no trace of '{name}' to draw{has}"


def _with_trace(result: Result) -> Iterator[str]:
    return (p.name for d in result.designs for p in d.properties if p.trace is not None)
