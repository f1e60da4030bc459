"""The report for people: verdicts first, then what breaks, then how to see it again."""

from __future__ import annotations

from pinmc.reports.base import RenderOptions, Shown, repeated, traces
from pinmc.reports.canvas import Canvas, Piece
from pinmc.reports.terminal.closing import add_closing
from pinmc.reports.terminal.traces import add_same, add_trace
from pinmc.reports.terminal.verdicts import add_design
from pinmc.results.result import Result


def render(result: Result, options: RenderOptions) -> str:
    """The whole report, without a newline at the end."""
    canvas = Canvas(options.colour, options.width)
    canvas.add(Piece(result.spec, "bold"))
    for design in result.designs:
        add_design(canvas, design, result.designs[0], options)
    add_traces(canvas, list(traces(result, options)))
    add_closing(canvas, result, options)
    return canvas.text()


def add_traces(canvas: Canvas, shown: list[Shown]) -> None:
    """Each trace, but not twice where a deadlock is also what makes actors stuck for ever."""
    for number, one in enumerate(shown):
        same = repeated(shown[:number], one)
        if same is None:
            add_trace(canvas, one)
        else:
            add_same(canvas, one, same)
