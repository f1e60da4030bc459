"""The report for people: verdicts first, then what breaks, then how to see it again."""

from __future__ import annotations

from pinmc.reports.base import RenderOptions, traces
from pinmc.reports.canvas import Canvas, Piece
from pinmc.reports.terminal.closing import add_closing
from pinmc.reports.terminal.traces import add_trace
from pinmc.reports.terminal.verdicts import add_design
from pinmc.results.result import Result


def render(result: Result, options: RenderOptions) -> str:
    """The whole report, without a newline at the end."""
    canvas = Canvas(options.colour, options.width)
    canvas.add(Piece(result.spec, "bold"))
    for design in result.designs:
        add_design(canvas, design, options)
    for shown in traces(result, options):
        add_trace(canvas, shown)
    add_closing(canvas, result, options)
    return canvas.text()
